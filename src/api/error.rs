//! Every failure the server can answer, and the one envelope they share. Rooms' errors become these in one
//! exhaustive match each; the cause of an internal failure stays here until it is logged under the request's id.

use super::tls::TlsError;
use crate::archive::ArchiveError;
use crate::auth::AuthError;
use crate::control::ControlError;
use crate::jobs::JobError;
use crate::store::StoreError;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The outcome of a handler.
pub type ApiResult<T> = Result<T, ApiError>;

/// What is wrong with which field.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Faults(BTreeMap<String, Vec<String>>);

impl Faults {
    /// How many fields are named at most; a request can carry any number of unknown parameters.
    const MOST: usize = 100;

    /// One fault.
    pub fn one(field: &str, fault: impl Into<String>) -> Faults {
        let mut faults = Faults::default();
        faults.add(field, fault);
        faults
    }

    /// Adds what is wrong with a field.
    pub fn add(&mut self, field: &str, fault: impl Into<String>) {
        let fault = fault.into();
        if self.0.len() >= Self::MOST && !self.0.contains_key(field) {
            return;
        }
        let known = self.0.entry(field.to_owned()).or_default();
        if known.len() < Self::MOST && !known.contains(&fault) {
            known.push(fault);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn sentence(&self) -> String {
        let texts =
            self.0.iter().flat_map(|(field, faults)| faults.iter().map(move |fault| format!("{field}: {fault}")));
        texts.take(3).collect::<Vec<_>>().join("; ")
    }
}

/// A failure, as the client sees it and, where it is the server's, its cause for the log.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ApiError {
    /// Not readable at all: not JSON, or something required is missing.
    #[error("{0}")]
    Malformed(String),
    /// Readable but not acceptable.
    #[error("{}", .0.sentence())]
    Invalid(Faults),
    /// No valid credentials.
    #[error("credentials are missing or wrong")]
    Unauthenticated,
    /// Valid credentials that don't allow this.
    #[error("{0}")]
    Forbidden(String),
    /// Nothing there.
    #[error("{0}")]
    NotFound(&'static str),
    /// Not as things are.
    #[error("{0}")]
    Conflict(String),
    /// The password is right and there is a second factor, whose code is missing or wrong.
    #[error("credentials are missing or wrong")]
    TotpNeeded,
    /// The password has to be changed before anything else.
    #[error("change your password first: POST /api/change-password")]
    PasswordChangeRequired,
    /// The resource doesn't know the method.
    #[error("the method is not allowed here; see Allow")]
    MethodNotAllowed,
    /// Took too long.
    #[error("the request took too long")]
    Timeout,
    /// The body is too large.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The body is of a type the resource doesn't read.
    #[error("the body must be {0}")]
    UnsupportedMediaType(&'static str),
    /// The request line and headers are too large.
    #[error("the request line and headers are larger than {0} bytes")]
    HeadersTooLarge(usize),
    /// More requests than a limit lets through.
    #[error("too many requests; try again in {retry_after_s} s")]
    RateLimited {
        /// When the same request will be let through.
        retry_after_s: u64,
    },
    /// The server's fault; the cause is for the log only.
    #[error("the server failed; its log has the cause under the request_id")]
    Internal {
        /// What happened.
        cause: String,
    },
    /// Not now.
    #[error("temporarily unavailable")]
    Unavailable {
        /// What happened.
        cause: String,
        /// When to try again.
        retry_after_s: u64,
    },
}

impl ApiError {
    /// A fault of one field.
    pub fn invalid(field: &str, fault: impl Into<String>) -> ApiError {
        ApiError::Invalid(Faults::one(field, fault))
    }

    /// The server's fault.
    pub fn internal(cause: impl ToString) -> ApiError {
        ApiError::Internal { cause: cause.to_string() }
    }

    /// Status and code.
    pub fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            ApiError::Malformed(_) => (StatusCode::BAD_REQUEST, "invalid"),
            ApiError::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            ApiError::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            ApiError::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            ApiError::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            ApiError::TotpNeeded => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            ApiError::PasswordChangeRequired => (StatusCode::FORBIDDEN, "password_change_required"),
            ApiError::NotFound(_) => (StatusCode::NOT_FOUND, "not_found"),
            ApiError::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            ApiError::Timeout => (StatusCode::REQUEST_TIMEOUT, "timeout"),
            ApiError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            ApiError::UnsupportedMediaType(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            ApiError::HeadersTooLarge(_) => (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large"),
            ApiError::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            ApiError::Internal { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            ApiError::Unavailable { .. } => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }

    /// What the log should say, where the failure is the server's.
    pub fn cause(&self) -> Option<&str> {
        match self {
            ApiError::Internal { cause } | ApiError::Unavailable { cause, .. } => Some(cause),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            ApiError::Unavailable { retry_after_s, .. } | ApiError::RateLimited { retry_after_s } => {
                Some(*retry_after_s)
            }
            _ => None,
        }
    }

    /// The failure a bare status stands for, when a framework answered with one.
    pub fn of_status(status: StatusCode) -> ApiError {
        match status {
            StatusCode::UNAUTHORIZED => ApiError::Unauthenticated,
            StatusCode::FORBIDDEN => ApiError::Forbidden("not allowed".to_owned()),
            StatusCode::NOT_FOUND => ApiError::NotFound("there is nothing here"),
            StatusCode::METHOD_NOT_ALLOWED => ApiError::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => ApiError::Timeout,
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge(super::extract::MAX_BODY_BYTES),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ApiError::UnsupportedMediaType("application/json"),
            status if status.is_client_error() => ApiError::Malformed("the request can't be read".to_owned()),
            status => ApiError::internal(format!("a layer answered {status} by itself")),
        }
    }

    /// The finished answer. `allow` is the `Allow` header a 405 came with.
    pub fn render(&self, request_id: &str, allow: Option<HeaderValue>) -> Response {
        let (status, code) = self.kind();
        let detail = self.to_string();
        let made = match self {
            ApiError::TotpNeeded => Faults::one("totp", "the code of your authenticator is missing or wrong"),
            _ => Faults::default(),
        };
        let errors = if let ApiError::Invalid(faults) = self { faults } else { &made };
        let body = Failure {
            status: "error",
            success: false,
            code,
            message: detail.clone(),
            detail,
            errors: &errors.0,
            request_id: request_id.to_owned(),
        };
        // A struct of texts always serialises.
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response =
            (status, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response();
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(methods) = allow {
            response.headers_mut().insert(ALLOW, methods);
        }
        response
    }
}

/// The envelope of every failure.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub struct Failure<'f> {
    /// Always `error`.
    #[schema(example = "error")]
    status: &'static str,
    /// Always false.
    #[schema(example = false)]
    success: bool,
    /// What kind of failure, one word.
    #[schema(example = "invalid")]
    code: &'static str,
    /// What is wrong.
    detail: String,
    /// The same as `detail`.
    message: String,
    /// What is wrong with which field.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    errors: &'f BTreeMap<String, Vec<String>>,
    /// The request's number, as in `X-Request-Id` and in the server's log.
    request_id: String,
}

impl IntoResponse for ApiError {
    /// A bare status that carries the failure to the frame, which knows the request's number and renders it.
    fn into_response(self) -> Response {
        let mut response = self.kind().0.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        match &error {
            StoreError::Invalid(fault) => ApiError::invalid("query", fault.clone()),
            StoreError::Ambiguous => ApiError::invalid("query", error.to_string()),
            StoreError::Sqlite(cause) if is_busy(cause) => {
                ApiError::Unavailable { cause: error.to_string(), retry_after_s: 1 }
            }
            StoreError::Moved | StoreError::Overtaken => {
                ApiError::Unavailable { cause: error.to_string(), retry_after_s: 1 }
            }
            StoreError::Sqlite(_)
            | StoreError::Migration { .. }
            | StoreError::Io { .. }
            | StoreError::Corrupt { .. } => ApiError::internal(&error),
        }
    }
}

impl From<ControlError> for ApiError {
    fn from(error: ControlError) -> ApiError {
        match &error {
            ControlError::Settings(refused) => {
                let mut faults = Faults::default();
                refused.iter().for_each(|fault| faults.add(fault.name(), fault.problem()));
                ApiError::Invalid(faults)
            }
            ControlError::Sqlite(cause) if is_busy(cause) => {
                ApiError::Unavailable { cause: error.to_string(), retry_after_s: 1 }
            }
            ControlError::Sqlite(_)
            | ControlError::Unusable { .. }
            | ControlError::Io { .. }
            | ControlError::Key { .. }
            | ControlError::Random(_)
            | ControlError::Stored { .. }
            | ControlError::NotOpen(_) => ApiError::internal(&error),
            ControlError::NoAccount => ApiError::NotFound("there is no such user"),
            ControlError::NoApiKey => ApiError::NotFound("there is no such API key"),
            ControlError::NoLogin => ApiError::Unauthenticated,
            ControlError::NameTaken
            | ControlError::LastAdmin
            | ControlError::PasswordChanged
            | ControlError::TooMany { .. } => ApiError::Conflict(error.to_string()),
        }
    }
}

impl From<JobError> for ApiError {
    fn from(error: JobError) -> ApiError {
        match error {
            JobError::Store(error) => error.into(),
            JobError::Control(error) => error.into(),
            JobError::Archive(error) => error.into(),
            JobError::Unreadable { .. } | JobError::Overtaken => ApiError::Conflict(error.to_string()),
            JobError::Report(_) | JobError::Panicked | JobError::NoThread(_) => ApiError::internal(error),
        }
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> ApiError {
        match error {
            AuthError::Control(cause) => cause.into(),
            AuthError::Busy => ApiError::Unavailable { cause: error.to_string(), retry_after_s: 1 },
            AuthError::Locked { retry_after_s } => ApiError::RateLimited { retry_after_s },
            AuthError::Random(_) | AuthError::Hash(_) => ApiError::internal(error),
        }
    }
}

impl From<TlsError> for ApiError {
    fn from(error: TlsError) -> ApiError {
        match error {
            TlsError::Refused { field, fault } => ApiError::invalid(field, fault),
            TlsError::InUse => ApiError::Conflict(error.to_string()),
            TlsError::Missing => ApiError::NotFound("there is none to delete"),
            TlsError::Io { .. } | TlsError::Generate(_) => ApiError::internal(error),
        }
    }
}

impl From<ArchiveError> for ApiError {
    fn from(error: ArchiveError) -> ApiError {
        match error {
            ArchiveError::Unknown => ApiError::NotFound("there is no archive of that name"),
            ArchiveError::Store(cause) => cause.into(),
            ArchiveError::Foreign { .. } | ArchiveError::Damaged { .. } | ArchiveError::Newer { .. } => {
                tracing::warn!(%error, "an archive can't be read");
                ApiError::Conflict("the archive can't be read; `tidegate archive verify` says why".to_owned())
            }
            ArchiveError::Io { .. } | ArchiveError::Stopped => ApiError::internal(error),
        }
    }
}

fn is_busy(cause: &rusqlite::Error) -> bool {
    matches!(cause.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked))
}
