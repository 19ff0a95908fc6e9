//! The failures every route documents alike.

use super::error::Failure;
use utoipa::IntoResponses;

/// What any route may answer instead. Variants are for the OpenAPI document only.
#[derive(IntoResponses)]
#[allow(dead_code)] // never built: the derive reads the variants
pub enum Failures {
    /// No valid credentials.
    #[response(status = 401)]
    Unauthenticated(#[to_schema] Failure<'static>),
    /// Credentials that don't allow this.
    #[response(status = 403)]
    Forbidden(#[to_schema] Failure<'static>),
    /// Nothing there.
    #[response(status = 404)]
    NotFound(#[to_schema] Failure<'static>),
    /// Parameters that are not acceptable, each named in `errors`.
    #[response(status = 422)]
    Invalid(#[to_schema] Failure<'static>),
    /// More requests than a limit lets through; `Retry-After` says when the next one is.
    #[response(status = 429)]
    RateLimited(#[to_schema] Failure<'static>),
    /// The server failed; its log has the cause.
    #[response(status = 500)]
    Internal(#[to_schema] Failure<'static>),
    /// Not now; `Retry-After` says when.
    #[response(status = 503)]
    Unavailable(#[to_schema] Failure<'static>),
}

/// What a route that reads a body may answer besides. Variants are for the OpenAPI document only.
#[derive(IntoResponses)]
#[allow(dead_code)] // never built: the derive reads the variants
pub enum BodyFailures {
    /// The body is not JSON.
    #[response(status = 400)]
    Malformed(#[to_schema] Failure<'static>),
    /// What there is stands in the way: a name that is taken, a job that runs, the last admin.
    #[response(status = 409)]
    Conflict(#[to_schema] Failure<'static>),
    /// The body is too large.
    #[response(status = 413)]
    TooLarge(#[to_schema] Failure<'static>),
    /// The body is of another type than JSON.
    #[response(status = 415)]
    UnsupportedMediaType(#[to_schema] Failure<'static>),
}
