//! Whether whoever reads a long answer may go on reading it: their credential is still good, and what they see is still
//! what they would see. Asked between the pieces of a stream or export, which outlive the request that was judged.

use super::error::{ApiError, ApiResult};
use super::extract::Authed;
use super::lanes::Lane;
use super::state::AppState;
use crate::auth::Watch;
use crate::model::{Lens, Principal};

/// A reader of a long answer.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Who.
    pub principal: Principal,
    /// How personal values appear to them, since the answer began.
    pub lens: Lens,
    watch: Watch,
}

/// Why somebody may not go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fallen {
    /// The credential was revoked or has expired, or allows something else by now.
    Credential,
    /// Masking was switched on or off, or changed.
    View,
}

impl Reader {
    /// Begins to watch a caller.
    ///
    /// # Errors
    /// [`ApiError::Unauthenticated`] when their credential is worth nothing any more.
    pub async fn of<S>(state: &AppState, auth: Authed<S>) -> ApiResult<Reader> {
        let Authed { principal, until, lens, .. } = auth;
        let watched = principal.clone();
        let watch = state.work(Lane::Pages, move |state| Ok(state.authenticator.watch(&watched, until)?)).await?;
        Ok(Reader { principal, lens, watch: watch.ok_or(ApiError::Unauthenticated)? })
    }

    /// Why they may not go on, if so.
    ///
    /// # Errors
    /// When it can't be found out.
    pub async fn fallen(&mut self, state: &AppState) -> ApiResult<Option<Fallen>> {
        if state.lens_of(&self.principal) != self.lens {
            return Ok(Some(Fallen::View));
        }
        let mut watch = self.watch.clone();
        let (valid, watch) = state
            .work(Lane::Pages, move |state| Ok((state.authenticator.still_valid(&mut watch)?, watch)))
            .await?;
        self.watch = watch;
        Ok((!valid).then_some(Fallen::Credential))
    }
}
