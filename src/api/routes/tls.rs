//! `/api/tls-cert`, `/api/tls-cert-delete`, `/api/tls-generate`: certificates and keys for HTTPS and for syslog over
//! TLS. Keys go in and never come out. Every change is written down before and after, by fingerprints.

use crate::api::body::read;
use crate::api::envelope::Success;
use crate::api::error::{ApiError, ApiResult, Faults};
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::params::Asked;
use crate::api::responses::{BodyFailures, Failures};
use crate::api::state::AppState;
use crate::api::tls::{Change, Given, MAX_PEM_BYTES, PairState, PemFile, Planned, Purpose, TlsError};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The largest body: a PEM file as a JSON string or in a form.
const MAX_BODY_BYTES: usize = MAX_PEM_BYTES + MAX_PEM_BYTES / 4;
/// Host names in a certificate at most.
const MOST_HOSTS: usize = 100;
/// Days a generated certificate is valid at most.
const MOST_DAYS: u32 = 3650;

/// Certificates and keys, as they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TlsState {
    /// Whether connections are served over TLS.
    https: bool,
    /// For HTTPS, and for syslog.
    pairs: Vec<PairState>,
}

/// How certificates and keys are; never a key.
#[utoipa::path(
    get, path = "/tls-cert", operation_id = "tls_cert_state", tag = "tls", security(("basic" = [])),
    responses((status = 200, description = "Certificates", body = Success<TlsState>), Failures)
)]
pub async fn state(_: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Success<TlsState>> {
    Asked::of(&uri, &[]).finish()?;
    let told = state.work(Lane::Pages, |state| {
        let pairs = Purpose::ALL.into_iter().map(|purpose| state.tls.state(purpose)).collect();
        Ok(TlsState { https: state.tls.is_on(), pairs })
    });
    Ok(Success::new(told.await?))
}

/// A certificate or key: as text, or as a file on the server's machine.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertBody {
    /// Which file it is.
    #[serde(rename = "type")]
    file: Option<String>,
    /// Its PEM text; a certificate may have its key with it.
    pem: Option<String>,
    /// An absolute path on the server's machine.
    path: Option<String>,
    /// Whether the file stays there and is read again when it changes, instead of being copied.
    path_only: Option<bool>,
}

/// What was changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TlsChanged {
    #[schema(example = "success")]
    status: &'static str,
    #[schema(example = true)]
    success: bool,
    /// What was done.
    #[schema(example = "Certificate stored")]
    message: &'static str,
    /// What is worth knowing all the same: an expired certificate, one that waits for its key.
    warnings: Vec<String>,
    /// Certificate and key, as they are now.
    data: PairState,
}

impl IntoResponse for TlsChanged {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// Stores a certificate or a private key: `multipart/form-data` with `file` and perhaps `type`, or JSON.
///
/// New connections are served with it at once. A key has to belong to its certificate; a certificate that doesn't fit
/// the present key waits for its own. A PEM text with both replaces both.
#[utoipa::path(
    post, path = "/tls-cert", operation_id = "tls_cert_put", tag = "tls", security(("basic" = [])),
    request_body = CertBody,
    responses((status = 200, description = "Stored", body = TlsChanged), Failures, BodyFailures)
)]
pub async fn put(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<TlsChanged> {
    Asked::of(&uri, &[]).finish()?;
    let bytes = read(body, MAX_BODY_BYTES).await?;
    let multipart = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let multipart = multipart.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("multipart/"));
    let (asked, given) = if multipart { form(&headers, bytes).await? } else { json_given(&headers, &bytes)? };
    let file = file_of(asked.as_deref())?;
    let message = if file.is_key() { "Private key stored" } else { "Certificate stored" };
    changed(auth, state, "tls.put", file.word(), message, file.purpose(), move |change| change.put(file, &given)).await
}

/// Which file is to be deleted.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertDeleteBody {
    /// Which file; `https_cert` unless given.
    #[serde(rename = "type")]
    file: Option<String>,
}

/// Deletes a certificate or a private key; 409 while HTTPS is served with it. A file that was only pointed to stays.
#[utoipa::path(
    post, path = "/tls-cert-delete", tag = "tls", security(("basic" = [])), request_body = Option<CertDeleteBody>,
    responses(
        (status = 200, description = "Deleted", body = TlsChanged),
        (status = 409, description = "It is in use", body = crate::api::error::Failure<'static>),
        Failures, BodyFailures
    )
)]
pub async fn delete(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<TlsChanged> {
    Asked::of(&uri, &[]).finish()?;
    let asked: CertDeleteBody = fields(&headers, &read(body, MAX_BODY_BYTES).await?)?;
    let file = file_of(asked.file.as_deref())?;
    let message = if file.is_key() { "Private key deleted" } else { "Certificate deleted" };
    changed(auth, state, "tls.delete", file.word(), message, file.purpose(), move |change| change.delete(file)).await
}

/// What to generate.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateBody {
    /// What it is for: `https` unless given, or `syslog`.
    #[serde(rename = "type")]
    purpose: Option<String>,
    /// Host names and addresses it is for; `localhost`, `127.0.0.1` and `::1` unless given.
    #[serde(default)]
    #[schema(max_items = 100)]
    hosts: Vec<String>,
    /// Days it is valid; 825 unless given.
    #[schema(minimum = 1, maximum = 3650)]
    days: Option<u32>,
}

/// Makes a private key and a certificate that vouches for itself, in place of the present ones.
#[utoipa::path(
    post, path = "/tls-generate", tag = "tls", security(("basic" = [])), request_body = Option<GenerateBody>,
    responses((status = 200, description = "Made", body = TlsChanged), Failures, BodyFailures)
)]
pub async fn generate(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<TlsChanged> {
    Asked::of(&uri, &[]).finish()?;
    let asked: GenerateBody = fields(&headers, &read(body, MAX_BODY_BYTES).await?)?;
    let mut faults = Faults::default();
    let purpose = match asked.purpose.as_deref() {
        None | Some("https") => Purpose::Https,
        Some("syslog") => Purpose::Syslog,
        Some(_) => {
            faults.add("type", "must be https or syslog");
            Purpose::Https
        }
    };
    let days = asked.days.unwrap_or(825);
    if !(1..=MOST_DAYS).contains(&days) {
        faults.add("days", format!("must be from 1 to {MOST_DAYS}"));
    }
    if asked.hosts.len() > MOST_HOSTS {
        faults.add("hosts", format!("must be at most {MOST_HOSTS}"));
    }
    if !faults.is_empty() {
        return Err(ApiError::Invalid(faults));
    }
    let local = || ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    let hosts = if asked.hosts.is_empty() { local() } else { asked.hosts };
    let target = if purpose == Purpose::Https { "https" } else { "syslog" };
    let make = move |change: &Change<'_>| change.generate(purpose, &hosts, days);
    changed(auth, state, "tls.generate", target, "Certificate generated", purpose, make).await
}

/// Looks through, writes down, does, writes down what came of it.
async fn changed(
    auth: Authed<Admin>,
    state: AppState,
    action: &'static str,
    target: &'static str,
    message: &'static str,
    purpose: Purpose,
    plan: impl FnOnce(&Change<'_>) -> Result<Planned, TlsError> + Send + 'static,
) -> ApiResult<TlsChanged> {
    let actor = auth.actor();
    state
        .work(Lane::Pages, move |state| {
            let (_one_at_a_time, change) = state.tls.change();
            let planned = plan(&change)?;
            let (after, warnings) = (planned.after.clone(), planned.warnings.clone());
            let intent = state.control.intent(&actor, action, target, Some(planned.before.clone()))?;
            if let Err(failure) = change.apply(planned) {
                if let Err(cause) = state.control.fail(intent, "internal") {
                    tracing::error!(%cause, "the outcome of a change of certificates was not recorded");
                }
                return Err(failure.into());
            }
            state.control.complete(intent, Some(after))?;
            Ok(TlsChanged { status: "success", success: true, message, warnings, data: state.tls.state(purpose) })
        })
        .await
}

fn file_of(word: Option<&str>) -> ApiResult<PemFile> {
    let Some(word) = word else { return Ok(PemFile::default()) };
    let words = || PemFile::ALL.map(PemFile::word).join(", ");
    PemFile::of_word(word).ok_or_else(|| ApiError::invalid("type", format!("must be one of {}", words())))
}

/// The fields of a JSON object; all left out where there is no body.
fn fields<T: DeserializeOwned + Default>(headers: &HeaderMap, bytes: &Bytes) -> ApiResult<T> {
    if bytes.is_empty() {
        return Ok(T::default());
    }
    crate::api::body::require_json(headers)?;
    serde_json::from_slice(bytes).map_err(|cause| match cause.classify() {
        serde_json::error::Category::Data => ApiError::invalid("body", cause.to_string()),
        _ => ApiError::Malformed(format!("the body is not JSON: {cause}")),
    })
}

type TypeAndGiven = (Option<String>, Given);

fn json_given(headers: &HeaderMap, bytes: &Bytes) -> ApiResult<TypeAndGiven> {
    let asked: CertBody = fields(headers, bytes)?;
    let given = match (asked.pem, asked.path, asked.path_only.unwrap_or(false)) {
        (None, None, _) => return Err(ApiError::Malformed("give pem or path".to_owned())),
        (Some(_), Some(_), _) => return Err(ApiError::invalid("path", "give pem or path, not both")),
        (Some(_), None, true) => return Err(ApiError::invalid("path_only", "needs a path")),
        (Some(pem), None, false) => Given::Pem(pem.into_bytes(), "pem"),
        (None, Some(path), false) => Given::Copy(path),
        (None, Some(path), true) => Given::Link(path),
    };
    Ok((asked.file, given))
}

async fn form(headers: &HeaderMap, bytes: Bytes) -> ApiResult<TypeAndGiven> {
    let unreadable = || ApiError::Malformed("the form can't be read".to_owned());
    let mut request = Request::new(Body::from(bytes));
    request.headers_mut().clone_from(headers);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut file, mut text) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|_| unreadable())? {
        match field.name() {
            Some("file") if text.is_none() => text = Some(field.bytes().await.map_err(|_| unreadable())?),
            Some("type") if file.is_none() => file = Some(field.text().await.map_err(|_| unreadable())?),
            Some("file" | "type") => return Err(ApiError::invalid("body", "a field is there twice")),
            _ => return Err(ApiError::invalid("body", "has a field other than file and type")),
        }
    }
    let text = text.ok_or_else(|| ApiError::Malformed("the form has no field named file".to_owned()))?;
    Ok((file, Given::Pem(text.to_vec(), "file")))
}
