//! The envelope of every success: `status`, `success`, `data`, and what lists and small objects add.

use super::params::Pages;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A success with data.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Success<T> {
    #[schema(example = "success")]
    status: &'static str,
    #[schema(example = true)]
    success: bool,
    /// What was asked for.
    pub data: T,
}

impl<T> Success<T> {
    /// Wraps `data`.
    pub fn new(data: T) -> Success<T> {
        Success { status: "success", success: true, data }
    }
}

/// A success with data whose fields stand at the top level too.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Flat<T> {
    #[serde(flatten)]
    again: T,
    #[serde(flatten)]
    envelope: Success<T>,
}

impl<T: Clone> Flat<T> {
    /// Wraps `data`.
    pub fn new(data: T) -> Flat<T> {
        Flat { again: data.clone(), envelope: Success::new(data) }
    }
}

/// A success with data, and what is worth knowing about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Described<T, M> {
    #[serde(flatten)]
    envelope: Success<T>,
    /// About the data.
    meta: M,
}

impl<T, M> Described<T, M> {
    /// Wraps `data` and what `meta` says about it.
    pub fn new(data: T, meta: M) -> Described<T, M> {
        Described { envelope: Success::new(data), meta }
    }
}

impl<T: Serialize, M: Serialize> IntoResponse for Described<T, M> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A success that only says what was done.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Message {
    #[schema(example = "success")]
    status: &'static str,
    #[schema(example = true)]
    success: bool,
    /// What was done.
    message: &'static str,
}

impl Message {
    /// Says what was done.
    pub fn new(message: &'static str) -> Message {
        Message { status: "success", success: true, message }
    }
}

impl IntoResponse for Message {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A success that says what was done and to how many rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Done {
    #[schema(example = "success")]
    status: &'static str,
    #[schema(example = true)]
    success: bool,
    /// What was done.
    #[schema(example = "Cleared old logs")]
    message: &'static str,
    /// How many rows went.
    deleted: u64,
    /// The same once more.
    data: Deleted,
}

/// A success that says what was done and shows what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Changed<T> {
    #[schema(example = "success")]
    status: &'static str,
    #[schema(example = true)]
    success: bool,
    /// What was done.
    message: &'static str,
    /// How it is now.
    pub data: T,
}

impl<T> Changed<T> {
    /// Says `message` of `data`.
    pub fn new(message: &'static str, data: T) -> Changed<T> {
        Changed { status: "success", success: true, message, data }
    }
}

/// How many rows went.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Deleted {
    deleted: u64,
}

impl Done {
    /// Says that `deleted` rows went.
    pub fn deleted(message: &'static str, deleted: u64) -> Done {
        Done { status: "success", success: true, message, deleted, data: Deleted { deleted } }
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Listing<T> {
    #[schema(example = "success")]
    status: &'static str,
    #[schema(example = true)]
    success: bool,
    /// The rows of the page.
    pub data: Vec<T>,
    /// How many rows match in all, exactly.
    pub total: u64,
    /// How many rows a page has at most.
    pub limit: usize,
    /// How many rows were skipped.
    pub offset: u64,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
    /// The page's number; only where pages were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    page: Option<u64>,
    /// Rows of a page; only where pages were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    page_size: Option<u64>,
    /// How many pages there are; only where pages were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    total_pages: Option<u64>,
}

impl<T> Listing<T> {
    /// A page: its rows, how many there are in all, and where the next begins.
    pub fn new(data: Vec<T>, total: u64, (limit, offset): (usize, u64), next_cursor: Option<String>) -> Listing<T> {
        Listing {
            status: "success",
            success: true,
            data,
            total,
            limit,
            offset,
            next_cursor,
            page: None,
            page_size: None,
            total_pages: None,
        }
    }

    /// With page numbers, where they were asked for.
    pub fn with_pages(self, pages: Option<Pages>) -> Listing<T> {
        Listing {
            page: pages.map(|pages| pages.page),
            page_size: pages.map(|pages| pages.page_size),
            total_pages: pages.map(|pages| pages.of(self.total)),
            ..self
        }
    }
}

macro_rules! answers {
    ($($envelope:ty),*) => {$(
        impl<T: Serialize> IntoResponse for $envelope {
            fn into_response(self) -> Response {
                Json(self).into_response()
            }
        }
    )*};
}
answers!(Success<T>, Flat<T>, Changed<T>, Listing<T>);

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}
