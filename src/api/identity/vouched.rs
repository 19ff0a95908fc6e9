//! A change that is still on its way in when its credentials are revoked is not made: what the gate found out may be
//! half a minute old by the time a slow body is here, so the credentials are looked at once more then.

use crate::api::error::{ApiError, ApiResult};
use crate::api::lanes::Lane;
use crate::api::state::AppState;
use crate::auth::{Admission, Watch};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use hyper::body::{Body as _, Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A request whose body ends well only where whoever sent it may still come in then. One that is here already is left
/// as it is.
pub async fn vouched(state: &AppState, admission: &Admission, request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    let (principal, until) = (admission.principal.clone(), admission.until);
    let watch = state.work(Lane::Pages, move |state| Ok(state.authenticator.watch(&principal, until)?)).await;
    let state = state.clone();
    request.map(|inner| Body::new(Vouched { inner, whole: false, verdict: Some(Box::pin(verdict(state, watch))) }))
}

async fn verdict(state: AppState, watch: ApiResult<Option<Watch>>) -> ApiResult<()> {
    let mut watch = watch?.ok_or(ApiError::Unauthenticated)?;
    let valid = state.work(Lane::Pages, move |state| Ok(state.authenticator.still_valid(&mut watch)?)).await?;
    if valid { Ok(()) } else { Err(ApiError::Unauthenticated) }
}

/// A body, and what is found out once all of it is here; none once it was.
struct Vouched {
    inner: Body,
    whole: bool,
    verdict: Option<Pin<Box<dyn Future<Output = ApiResult<()>> + Send>>>,
}

impl fmt::Debug for Vouched {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Vouched").field("whole", &self.whole).finish_non_exhaustive()
    }
}

impl hyper::body::Body for Vouched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.whole {
            match ready!(Pin::new(&mut self.inner).poll_frame(context)) {
                Some(frame) => return Poll::Ready(Some(frame)),
                None => self.whole = true,
            }
        }
        let Some(verdict) = &mut self.verdict else { return Poll::Ready(None) };
        let found = ready!(verdict.as_mut().poll(context));
        self.verdict = None;
        Poll::Ready(found.err().map(|failure| Err(axum::Error::new(failure))))
    }

    fn is_end_stream(&self) -> bool {
        self.verdict.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
