//! The rights of a person in the log: to be handed out what is stored of them, and to have it erased. The person is
//! named by address or user name, or by pseudonym; on record they are a pseudonym.

use super::{reason, subject_kind};
use crate::api::audited::audited;
use crate::api::body::add_fields;
use crate::api::envelope::Changed;
use crate::api::error::{ApiError, ApiResult};
use crate::api::extract::{Admin, Authed};
use crate::api::lanes::Lane;
use crate::api::params::{Asked, Kind, Known, Param, document};
use crate::api::responses::{BodyFailures, Failures};
use crate::api::rows::{LogDetail, RowSettings};
use crate::api::state::AppState;
use crate::archive::{self, Person, find_traces, holds};
use crate::model::{EventView, Lens, Occurrences, RowId, Subject, SubjectKind};
use crate::privacy::find_in_files;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

const SUBJECT: &[Param] = &[
    Param::one("client", Kind::Text, "The person's client address, or its pseudonym"),
    Param::one("user", Kind::Text, "The person's user name, or its pseudonym; not beside `client`"),
];
const REASON: &[Param] = &[Param::one("reason", Kind::Text, "Why, in 10 to 500 characters; goes into the audit log")];
const KNOWN: Known = &[SUBJECT];
const FIELDS: Known = &[SUBJECT, REASON];

/// Rows read at a time while they are handed out.
const PIECE_ROWS: usize = 1000;
/// The event store's files, which it searches itself, begin like this.
const STORE_FILES: &str = "events.db";

/// The parameters that name a person, for the OpenAPI document.
pub struct SubjectParams;

impl IntoParams for SubjectParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        document(KNOWN)
    }
}

/// Names a person to be erased.
#[derive(Clone, Serialize, ToSchema)]
pub struct EraseBody {
    /// The person's client address, or its pseudonym.
    pub client: Option<String>,
    /// The person's user name, or its pseudonym; not beside `client`.
    pub user: Option<String>,
    /// Why; goes into the audit log and must not name the person.
    #[schema(min_length = 10, max_length = 500)]
    pub reason: String,
}

/// What was erased, and what a search for the person found afterwards.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Erasure {
    /// The pseudonym the erasure is on record under.
    pub pseudonym: String,
    /// `client` or `user`.
    #[schema(example = "client")]
    pub kind: &'static str,
    /// Rows that are gone.
    pub rows: u64,
    /// Rejected lines that named the person, and are gone.
    pub rejects: u64,
    /// Rows that are gone from archives; many of them are copies of rows that were in the store.
    pub archived_rows: u64,
    /// The archives that were written anew.
    pub archives: Vec<String>,
    /// Archives that could not be searched: damaged, or with pseudonyms of a key that is gone.
    pub unreadable_archives: Vec<String>,
    /// Damaged blocks that could not be read; they appear in no answer.
    pub unreadable_blocks: u64,
    /// Whether the search found the person nowhere.
    pub clean: bool,
    /// Where the search found the person in stored values of other rows.
    pub values: Vec<Found>,
    /// In which files of the data directory the search found the person.
    pub files: Vec<Found>,
    /// What an erasure leaves, and why.
    pub kept: Vec<&'static str>,
}

/// How often a search found a person somewhere.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Found {
    /// Where: the sort of value, or the file.
    #[schema(example = "target")]
    pub place: String,
    /// By itself.
    pub alone: u64,
    /// As part of a longer word or number, mostly somebody else's.
    pub inside: u64,
}

const KEPT: &[&str] = &[
    "rows of others that name the person (see values): they are the others' rows",
    "an account of the same name: DELETE /api/users/{id}",
    "the audit log, where the person used this service or changed something in it: it ends with its own retention",
    "backups, and archives and files handed out earlier: Tidegate doesn't know where they are",
    "lines that arrive from now on: they are stored again",
];

/// Who is meant.
struct Who {
    kind: SubjectKind,
    given: String,
    is_pseudonym: bool,
}

impl Who {
    fn read(asked: &mut Asked) -> ApiResult<Who> {
        let (client, user) = (asked.text("client"), asked.text("user"));
        let (kind, given) = match (client, user) {
            (Some(_), Some(_)) => return Err(ApiError::invalid("user", "not together with client")),
            (Some(client), None) => (SubjectKind::Client, client),
            (None, Some(user)) => (SubjectKind::User, user),
            (None, None) => return Err(ApiError::Malformed("client or user is missing".to_owned())),
        };
        let is_pseudonym = subject_kind(&given) == Some(kind);
        Ok(Who { kind, given, is_pseudonym })
    }

    fn kind_name(&self) -> &'static str {
        match self.kind {
            SubjectKind::Client => "client",
            SubjectKind::User => "user",
        }
    }

    /// The person's pseudonym.
    fn pseudonym(&self, lens: &Lens) -> String {
        let shown = match self.kind {
            SubjectKind::Client => lens.client(self.given.as_bytes()),
            SubjectKind::User => lens.user(self.given.as_bytes()),
        };
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// The person, as archives are searched for them.
    fn in_archives(&self, state: &AppState, lens: &Lens) -> Person {
        let pseudonym_key = state.privacy.pseudonym_epoch();
        Person { kind: self.kind, pseudonym: self.pseudonym(lens), lens: *lens, pseudonym_key }
    }

    /// What the person is stored as: as logged, and under their pseudonym where rows were stored pseudonymised.
    fn subjects(&self, state: &AppState, lens: &Lens) -> ApiResult<Vec<Subject>> {
        let pseudonym = self.pseudonym(lens);
        let stored = Subject::new(self.kind, pseudonym.as_bytes());
        let mut subjects = Vec::new();
        if self.is_pseudonym {
            let found = state.store.subject(&pseudonym, self.kind, lens)?;
            subjects.extend(found.filter(|subject| *subject != stored));
        } else {
            subjects.push(Subject::new(self.kind, self.given.as_bytes()));
        }
        if state.store.has_subject(&stored)? {
            subjects.push(stored);
        }
        if subjects.is_empty() {
            return Err(ApiError::NotFound("no stored client or user has that pseudonym now"));
        }
        Ok(subjects)
    }
}

/// Erases what is stored of a person: their rows, and rejected lines that name them. Ends with a search for what is
/// left. On record under the person's pseudonym. While masking is on, naming the person otherwise than by pseudonym needs
/// the scope `pii:read`.
#[utoipa::path(
    post, path = "/privacy/erase", operation_id = "privacy_erase", tag = "privacy",
    request_body = EraseBody,
    responses((status = 200, description = "Erased", body = Changed<Erasure>), Failures, BodyFailures)
)]
pub async fn erase(
    auth: Authed<Admin>,
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Changed<Erasure>> {
    Asked::of(&uri, &[]).finish()?;
    let mut asked = Asked::of(&Uri::default(), FIELDS);
    add_fields(&mut asked, &headers, body).await?;
    let (who, reason) = (Who::read(&mut asked)?, reason(&mut asked)?);
    if !who.is_pseudonym && Subject::new(who.kind, who.given.as_bytes()).search().is_named_in(reason.as_bytes()) {
        asked.faults.add("reason", "must not name the person: the audit log keeps it");
    }
    asked.finish()?;
    // Whoever learns the pseudonym of a value, or whether it is stored, has undone the masking.
    if !who.is_pseudonym && !auth.lens.is_plain() {
        return Err(ApiError::Forbidden(
            "naming the person otherwise than by pseudonym needs the scope pii:read".to_owned(),
        ));
    }
    let erasure = state.work(Lane::Scans, move |state| {
        let lens = state.privacy.pseudonyms();
        let person = who.in_archives(state, &lens);
        let subjects = match who.subjects(state, &lens) {
            // Rows that retention has removed may be in archives.
            Err(ApiError::NotFound(_)) if holds(&state.archives(), &person)? => Vec::new(),
            found => found?,
        };
        let details = json!({ "kind": who.kind_name(), "reason": reason });
        audited(state, &auth.actor(), "privacy.erase", &person.pseudonym, details, || {
            let erasure = erase_all(state, &who, &person, &subjects)?;
            let outcome = json!({
                "rows": erasure.rows, "rejects": erasure.rejects, "archived_rows": erasure.archived_rows,
                "archives": erasure.archives, "clean": erasure.clean,
            });
            Ok((outcome, erasure))
        })
    });
    Ok(Changed::new("Erased", erasure.await?))
}

fn erase_all(state: &AppState, who: &Who, person: &Person, subjects: &[Subject]) -> ApiResult<Erasure> {
    let mut erasure = Erasure {
        pseudonym: person.pseudonym.clone(),
        kind: who.kind_name(),
        rows: 0,
        rejects: 0,
        archived_rows: 0,
        archives: Vec::new(),
        unreadable_archives: Vec::new(),
        unreadable_blocks: 0,
        clean: true,
        values: Vec::new(),
        files: Vec::new(),
        kept: KEPT.to_vec(),
    };
    for subject in subjects {
        let erased = state.store.erase(subject, &mut |_| ())?;
        erasure.rows += erased.rows;
        erasure.rejects += erased.rejects;
        erasure.unreadable_blocks += erased.unreadable_blocks;
    }
    let folder = state.archives();
    let archived = archive::erase(&folder, person, &|_, _| ())?;
    let unreadable = archived.unreadable.into_iter().map(|(name, _)| name).chain(archived.other_keys);
    (erasure.archived_rows, erasure.archives) = (archived.rows, archived.archives);
    erasure.unreadable_archives = unreadable.collect();
    erasure.clean &= erasure.unreadable_archives.is_empty();
    let data_dir = state.data_dir();
    for subject in subjects {
        let traces = state.store.find_traces(subject)?;
        erasure.clean &= traces.is_clean();
        let beside = find_in_files(data_dir, STORE_FILES, &subject.search()).map_err(ApiError::internal)?;
        // What is packed in archives is not found as its bytes stand.
        let packed = find_traces(&folder, &subject.search());
        let beside: Vec<_> = beside.into_iter().chain(packed).collect();
        erasure.clean &= beside.iter().all(|file| file.found.alone == 0);
        erasure.values.extend(traces.values.iter().map(|trace| found(trace.place.name().to_owned(), trace.found)));
        erasure.files.extend(traces.files.into_iter().chain(beside).map(|file| found(file.file, file.found)));
    }
    Ok(erasure)
}

fn found(place: String, found: Occurrences) -> Found {
    Found { place, alone: found.alone, inside: found.inside }
}

/// Hands out every row of a person, one JSON object a line by rising id, as logged. While masking is on the scope
/// `pii:read` is needed too. Audited before the first byte, under the person's pseudonym. Rejected lines are not
/// among them: whose they are is not known.
#[utoipa::path(
    get, path = "/privacy/export", operation_id = "privacy_export", tag = "privacy", params(SubjectParams),

    responses(
        (status = 200, description = "The rows", body = LogDetail, content_type = "application/x-ndjson"),
        (status = 400, description = "Nobody is named"),
        Failures
    )
)]
pub async fn export(auth: Authed<Admin>, State(state): State<AppState>, uri: Uri) -> ApiResult<Response> {
    let mut asked = Asked::of(&uri, KNOWN);
    let who = Who::read(&mut asked);
    asked.finish()?;
    let who = who?;
    if !auth.lens.is_plain() {
        return Err(ApiError::Forbidden("handing out personal data needs the scope pii:read".to_owned()));
    }
    let prepared = state.work(Lane::Scans, move |state| {
        let lens = state.privacy.pseudonyms();
        let (subjects, pseudonym) = (who.subjects(state, &lens)?, who.pseudonym(&lens));
        audited(state, &auth.actor(), "privacy.export", &pseudonym, json!({ "kind": who.kind_name() }), || {
            Ok((json!({ "rows": "handed out" }), ()))
        })?;
        Ok(subjects)
    });
    let rest: Vec<(Subject, RowId)> = prepared.await?.into_iter().map(|subject| (subject, 0)).collect();
    let settings = RowSettings::of(&state.control.settings(), &Lens::PLAIN);
    let rows = stream::try_unfold((state, rest), move |(state, mut rest)| {
        let settings = settings.clone();
        async move {
            while let Some((subject, after)) = rest.pop() {
                let (asked, of) = (subject.clone(), after);
                let piece = state.ask(Lane::Scans, move |store| store.subject_rows(&asked, of, PIECE_ROWS)).await?;
                let Some(last) = piece.last().map(|event| event.id) else { continue };
                let mut lines = Vec::new();
                for event in &piece {
                    let detail = LogDetail::of(EventView::of(event, &Lens::PLAIN), &settings, &state.scorer);
                    serde_json::to_writer(&mut lines, &detail).map_err(ApiError::internal)?;
                    lines.push(b'\n');
                }
                rest.push((subject, last));
                return Ok::<_, ApiError>(Some((Bytes::from(lines), (state, rest))));
            }
            Ok(None)
        }
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"person.ndjson\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(rows)).into_response())
}
