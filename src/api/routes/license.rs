//! `GET /api/license/status`: under which licence Tidegate is, and each package it is made of. Nothing is ever locked.

use crate::api::envelope::Success;
use crate::api::error::ApiResult;
use crate::api::extract::{Anyone, Authed, NoParams};
use crate::api::responses::Failures;
use serde::Serialize;
use utoipa::ToSchema;

/// Name, version and licence of each package that this binary is made of, as the build found them (`build.rs`).
const DEPENDENCIES: &[(&str, &str, Option<&str>)] = include!(concat!(env!("OUT_DIR"), "/dependencies.rs"));

/// A package this binary is made of.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Dependency {
    /// Its name.
    #[schema(example = "rusqlite")]
    pub name: &'static str,
    /// Its version.
    #[schema(example = "0.40.0")]
    pub version: &'static str,
    /// Its licence, as its manifest names it (SPDX); null where the build could not find it out.
    #[schema(example = "MIT")]
    pub license: Option<&'static str>,
}

/// How things stand with the licence: always well.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LicenseStatus {
    /// Always true.
    pub licensed: bool,
    /// Always `active`.
    #[schema(example = "active")]
    pub status: &'static str,
    /// What that means.
    pub message: &'static str,
    /// Always null: nothing is ever validated.
    pub last_validated: Option<String>,
    /// Always null: it never ends.
    pub days_left: Option<i64>,
    /// Always false.
    pub needs_recheck: bool,
    /// The licence (SPDX).
    #[schema(example = "MIT")]
    pub license: &'static str,
    /// What this binary is made of, by name.
    pub dependencies: Vec<Dependency>,
}

/// Under which licence Tidegate is, and each package it is made of.
#[utoipa::path(
    get, path = "/license/status", operation_id = "license_status", tag = "service",
    responses((status = 200, description = "The licence", body = Success<LicenseStatus>), Failures)
)]
pub async fn status(_: Authed<Anyone>, _: NoParams) -> ApiResult<Success<LicenseStatus>> {
    let dependency = |(name, version, license): &(&'static str, &'static str, Option<&'static str>)| Dependency {
        name,
        version,
        license: *license,
    };
    Ok(Success::new(LicenseStatus {
        licensed: true,
        status: "active",
        message: "Tidegate is free software; nothing is locked by a licence",
        last_validated: None,
        days_left: None,
        needs_recheck: false,
        license: env!("CARGO_PKG_LICENSE"),
        dependencies: DEPENDENCIES.iter().map(dependency).collect(),
    }))
}
