//! One answer for all who ask the same at the same time ("single flight"). Whoever asks while the question waits for its
//! turn shares that answer; whoever asks while it is being answered shares the next one. So no answer is older than its
//! question, and however many wait for one, it keeps one lane busy. A scan that everybody has left goes on to its end.

use super::error::{ApiError, ApiResult};
use crate::model::Lens;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::watch;
use tracing::Instrument;

/// What is asked, and as whom it is answered: those of the same key get the same bytes.
pub type Key = (Lens, String);

/// Questions that are being answered, or wait for that.
#[derive(Clone, Debug, Default)]
pub struct Flights(Arc<Mutex<HashMap<Key, Line>>>);

/// One question.
#[derive(Debug, Default)]
struct Line {
    /// Held while it is answered.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// What will be answered, to be shared as long as nobody has begun with it.
    boarding: Option<Awaited>,
}

type Awaited = watch::Receiver<Option<ApiResult<Answer>>>;

/// An answer that many can have.
#[derive(Clone, Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Flights {
    /// What `make` answers, or what somebody else's `make` does that has not begun yet. It is given up when everybody who
    /// asked has gone.
    ///
    /// # Errors
    /// What `make` answers; [`ApiError::Internal`] when it panicked.
    pub async fn share(
        &self,
        key: Key,
        make: impl Future<Output = ApiResult<Response>> + Send + 'static,
    ) -> ApiResult<Response> {
        let mut awaited = self.board(key, make);
        let answer = awaited.wait_for(Option::is_some).await.map(|answer| answer.clone());
        match answer {
            Ok(Some(answer)) => answer.map(Answer::into_response),
            Ok(None) | Err(_) => Err(ApiError::internal("a shared answer ended early")),
        }
    }

    fn board(&self, key: Key, make: impl Future<Output = ApiResult<Response>> + Send + 'static) -> Awaited {
        let mut lines = self.0.lock();
        let line = lines.entry(key.clone()).or_default();
        if let Some(awaited) = &line.boarding {
            return awaited.clone();
        }
        let (tell, awaited) = watch::channel(None);
        line.boarding = Some(awaited.clone());
        let (turn, flying) = (Arc::clone(&line.turn), Flying { flights: self.clone(), key });
        // A runtime that is closing drops the flight at once, which looks at the lines.
        drop(lines);
        let flight = async move {
            // Goes after the turn, which it looks at.
            let flying = flying;
            let _turn = turn.lock_owned().await;
            flying.depart();
            let made = async {
                match make.await {
                    Ok(response) => Answer::of(response).await,
                    Err(error) => Err(error),
                }
            };
            let answer = tokio::select! {
                biased;
                () = tell.closed() => return,
                answer = made => answer,
            };
            tell.send_replace(Some(answer));
        };
        tokio::spawn(flight.in_current_span());
        awaited
    }
}

/// A question from its first asking to its answer.
#[derive(Debug)]
struct Flying {
    flights: Flights,
    key: Key,
}

impl Flying {
    /// Nobody shares this answer any more who hasn't asked yet.
    fn depart(&self) {
        if let Some(line) = self.flights.0.lock().get_mut(&self.key) {
            line.boarding = None;
        }
    }
}

impl Drop for Flying {
    fn drop(&mut self) {
        let mut lines = self.flights.0.lock();
        let is_idle = |line: &Line| line.boarding.is_none() && Arc::strong_count(&line.turn) == 1;
        if lines.get(&self.key).is_some_and(is_idle) {
            lines.remove(&self.key);
        }
    }
}

impl Answer {
    async fn of(response: Response) -> ApiResult<Answer> {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(ApiError::internal)?;
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use std::sync::atomic::{AtomicU32, Ordering};
    use tokio::sync::Semaphore;

    /// Answers which time it is made, once it may.
    struct Counter {
        made: AtomicU32,
        may: Semaphore,
    }

    impl Counter {
        fn new() -> Arc<Counter> {
            Arc::new(Counter { made: AtomicU32::new(0), may: Semaphore::new(0) })
        }

        fn make(self: &Arc<Counter>) -> impl Future<Output = ApiResult<Response>> + use<> {
            let counter = Arc::clone(self);
            async move {
                let made = counter.made.fetch_add(1, Ordering::Relaxed) + 1;
                counter.may.acquire().await.map_err(ApiError::internal)?.forget();
                match made {
                    1 | 2 => Ok((StatusCode::OK, made.to_string()).into_response()),
                    3 => Err(ApiError::NotFound("the third")),
                    _ => panic!("as a defect would"),
                }
            }
        }

        async fn begun(&self, times: u32) {
            while self.made.load(Ordering::Relaxed) < times {
                tokio::task::yield_now().await;
            }
        }
    }

    fn key(question: &str) -> Key {
        (Lens::PLAIN, question.to_owned())
    }

    async fn text(answer: ApiResult<Response>) -> String {
        match answer {
            Ok(response) => String::from_utf8_lossy(&to_bytes(response.into_body(), 99).await.unwrap()).into_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[tokio::test]
    async fn those_who_ask_while_one_is_answered_share_the_next_answer() {
        let (flights, counter) = (Flights::default(), Counter::new());
        let ask = |question: &str| {
            let (flights, make, key) = (flights.clone(), counter.make(), key(question));
            tokio::spawn(async move { text(flights.share(key, make).await).await })
        };
        let first = ask("a");
        counter.begun(1).await;
        let others: Vec<_> = (0..5).map(|_| ask("a")).collect();
        tokio::task::yield_now().await;
        // Whoever goes takes nothing from the others.
        others[0].abort();
        counter.may.add_permits(2);
        assert_eq!(first.await.unwrap(), "1");
        for other in others.into_iter().skip(1) {
            assert_eq!(other.await.unwrap(), "2");
        }
        counter.may.add_permits(1);
        assert_eq!(ask("b").await.unwrap(), "the third");
        counter.may.add_permits(1);
        assert!(ask("b").await.unwrap().contains("server failed"));
        assert_eq!(counter.made.load(Ordering::Relaxed), 4);
        // What nobody waits for any more is not begun.
        let (one, other) = (ask("c"), ask("c"));
        counter.begun(5).await;
        let waiting = ask("c");
        tokio::task::yield_now().await;
        [&one, &other, &waiting].iter().for_each(|asked| asked.abort());
        while !flights.0.lock().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(counter.made.load(Ordering::Relaxed), 5);
    }

    #[tokio::test]
    async fn different_questions_and_lenses_do_not_wait_for_each_other() {
        let (flights, counter) = (Flights::default(), Counter::new());
        let ask = |key: Key| {
            let (flights, make) = (flights.clone(), counter.make());
            tokio::spawn(async move { text(flights.share(key, make).await).await })
        };
        let asked = [ask(key("a")), ask((Lens::MASKED, "a".to_owned()))];
        counter.begun(2).await;
        counter.may.add_permits(2);
        let mut answers = Vec::new();
        for answer in asked {
            answers.push(answer.await.unwrap());
        }
        answers.sort();
        assert_eq!(answers, ["1", "2"]);
    }
}
