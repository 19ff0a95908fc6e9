//! The limits in force, made from the settings once per change of them.

use super::bucket::Rate;
use super::class::{Class, Quota};
use crate::control::settings::{
    API_BURST_RATE, API_BURST_SIZE, API_COVERAGE_RATE_LIMIT, API_DETAIL_RATE_LIMIT, API_EXPENSIVE_RATE_LIMIT,
    API_INGEST_HOURLY_QUOTA, API_LIST_RATE_LIMIT, API_QUERY_HOURLY_QUOTA, API_RATE_LIMIT_ENABLED, Settings,
};

const SECOND_MS: i64 = 1000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
/// How many times more a session may ask than other callers: a dashboard asks many things at once.
const SESSION_FACTOR: i64 = 10;

/// The limits in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    burst: Rate,
    session_burst: Rate,
    classes: [Rate; Class::COUNT],
    quotas: [i64; Quota::COUNT],
}

impl Rules {
    /// What the settings say; `None` when they turn limits off.
    pub fn of(settings: &Settings) -> Option<Rules> {
        if !settings.get(API_RATE_LIMIT_ENABLED) {
            return None;
        }
        let (rate, size) = (settings.get(API_BURST_RATE), settings.get(API_BURST_SIZE));
        // In the order of the variants.
        let classes = [API_LIST_RATE_LIMIT, API_DETAIL_RATE_LIMIT, API_COVERAGE_RATE_LIMIT, API_EXPENSIVE_RATE_LIMIT];
        let quotas = [API_INGEST_HOURLY_QUOTA, API_QUERY_HOURLY_QUOTA];
        Some(Rules {
            burst: Rate::new(size, rate, SECOND_MS),
            session_burst: Rate::new(size * SESSION_FACTOR, rate * SESSION_FACTOR, SECOND_MS),
            classes: classes.map(|setting| {
                let a_minute = settings.get(setting);
                Rate::new(a_minute, a_minute, MINUTE_MS)
            }),
            quotas: quotas.map(|setting| settings.get(setting)),
        })
    }

    /// The burst bucket.
    pub fn burst(&self, session: bool) -> Rate {
        if session { self.session_burst } else { self.burst }
    }

    /// The bucket of a class.
    pub fn class(&self, class: Class) -> Rate {
        self.classes[class as usize]
    }

    /// Requests an hour.
    pub fn quota(&self, quota: Quota) -> i64 {
        self.quotas[quota as usize]
    }
}
