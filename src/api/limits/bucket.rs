//! Two ways to count requests against a limit: a token bucket that refills steadily, kept as the one instant at which
//! it is full again (the generic cell rate algorithm, ITU-T I.371), and a window that ends at the top of the UTC hour.
//!
//! Neither knows whose requests it counts (`limiter`) nor which limit holds for them (`class`, `rules`). A clock that is
//! set back never keeps anybody waiting for longer than an empty bucket takes to refill.

use crate::model::{HOUR_MS, Timestamp};

/// How a limit stands, as the `RateLimit-*` headers say it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Requests the limit lets through at once, or in its window.
    pub limit: i64,
    /// Requests it would let through now.
    pub remaining: i64,
    /// Milliseconds until nothing is used of it any more.
    pub reset_ms: i64,
}

/// How many requests at once, and how many in the long run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    size: i64,
    refill_us: i64,
}

impl Rate {
    /// `size` requests at once, of which `count` come back in every `period_ms`. What is below 1 counts as 1.
    pub fn new(size: i64, count: i64, period_ms: i64) -> Rate {
        Rate { size: size.max(1), refill_us: (period_ms.saturating_mul(1000) / count.max(1)).max(1) }
    }

    fn empty_us(self) -> i64 {
        self.size.saturating_mul(self.refill_us)
    }
}

/// A token bucket; full at first.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Bucket {
    full_at_us: i64,
}

impl Bucket {
    /// Milliseconds until the next request is let through, rounded up; 0 when it is now.
    pub fn wait_ms(self, rate: Rate, now: Timestamp) -> i64 {
        let wait_us = self.missing_us(rate, now) + rate.refill_us - rate.empty_us();
        whole_ms(wait_us.max(0))
    }

    /// Counts a request.
    pub fn take(&mut self, rate: Rate, now: Timestamp) {
        self.full_at_us = us(now) + (self.missing_us(rate, now) + rate.refill_us).min(rate.empty_us());
    }

    /// How it stands.
    pub fn standing(self, rate: Rate, now: Timestamp) -> Standing {
        let missing_us = self.missing_us(rate, now);
        Standing {
            limit: rate.size,
            remaining: (rate.empty_us() - missing_us) / rate.refill_us,
            reset_ms: whole_ms(missing_us),
        }
    }

    /// When it is full.
    pub fn full_at(self) -> Timestamp {
        Timestamp(whole_ms(self.full_at_us))
    }

    /// How long what is missing takes to come back; never longer than an empty bucket takes, whatever the clock or the
    /// rate did meanwhile.
    fn missing_us(self, rate: Rate, now: Timestamp) -> i64 {
        self.full_at_us.saturating_sub(us(now)).clamp(0, rate.empty_us())
    }
}

/// A count that starts again with every hour.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Window {
    hour: i64,
    used: i64,
}

impl Window {
    /// Milliseconds until the next request is let through; 0 when it is now.
    pub fn wait_ms(self, quota: i64, now: Timestamp) -> i64 {
        if self.used(now) < quota { 0 } else { next_hour(now).0.saturating_sub(now.0) }
    }

    /// Counts a request.
    pub fn take(&mut self, now: Timestamp) {
        *self = Window { hour: now.hour(), used: self.used(now) + 1 };
    }

    /// How it stands.
    pub fn standing(self, quota: i64, now: Timestamp) -> Standing {
        let used = self.used(now);
        let reset_ms = if used == 0 { 0 } else { next_hour(now).0.saturating_sub(now.0) };
        Standing { limit: quota, remaining: (quota - used).max(0), reset_ms }
    }

    /// When nothing is used any more.
    pub fn ends_at(self, now: Timestamp) -> Timestamp {
        if self.used(now) == 0 { now } else { next_hour(now) }
    }

    fn used(self, now: Timestamp) -> i64 {
        if self.hour == now.hour() { self.used } else { 0 }
    }
}

fn next_hour(now: Timestamp) -> Timestamp {
    Timestamp(now.hour().saturating_add(1).saturating_mul(HOUR_MS))
}

fn us(at: Timestamp) -> i64 {
    at.0.saturating_mul(1000)
}

fn whole_ms(us: i64) -> i64 {
    us / 1000 + i64::from(us % 1000 > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_767_225_600_000);

    fn later(ms: i64) -> Timestamp {
        Timestamp(NOW.0 + ms)
    }

    #[test]
    fn a_bucket_lets_its_size_through_and_then_its_rate() {
        let rate = Rate::new(3, 20, 1000);
        let mut bucket = Bucket::default();
        for remaining in [2, 1, 0] {
            assert_eq!(bucket.wait_ms(rate, NOW), 0);
            bucket.take(rate, NOW);
            assert_eq!(bucket.standing(rate, NOW).remaining, remaining);
        }
        assert_eq!(bucket.wait_ms(rate, NOW), 50);
        assert_eq!(bucket.standing(rate, NOW), Standing { limit: 3, remaining: 0, reset_ms: 150 });
        assert_eq!((bucket.wait_ms(rate, later(49)), bucket.wait_ms(rate, later(50))), (1, 0));
        bucket.take(rate, later(50));
        assert_eq!(bucket.wait_ms(rate, later(50)), 50);
        assert_eq!(bucket.standing(rate, later(200)), Standing { limit: 3, remaining: 3, reset_ms: 0 });
    }

    #[test]
    fn a_clock_set_back_or_a_tighter_rate_costs_no_more_than_one_refill() {
        let (wide, tight) = (Rate::new(60, 20, 1000), Rate::new(2, 1, 1000));
        let mut bucket = Bucket::default();
        (0..60).for_each(|_| bucket.take(wide, NOW));
        assert_eq!(bucket.wait_ms(wide, later(-HOUR_MS)), 50);
        assert_eq!(bucket.wait_ms(tight, NOW), 1000);
        assert_eq!(bucket.wait_ms(Rate::new(600, 20, 1000), NOW), 0);
    }

    #[test]
    fn a_window_ends_with_its_hour() {
        let mut window = Window::default();
        let late = later(HOUR_MS - 1500);
        for used in 0..2 {
            assert_eq!(window.wait_ms(2, late), 0);
            window.take(late);
            assert_eq!(window.standing(2, late), Standing { limit: 2, remaining: 1 - used, reset_ms: 1500 });
        }
        assert_eq!((window.wait_ms(2, late), window.wait_ms(2, later(HOUR_MS))), (1500, 0));
        assert_eq!(window.standing(2, later(HOUR_MS)), Standing { limit: 2, remaining: 2, reset_ms: 0 });
        assert_eq!((window.ends_at(late), window.ends_at(later(HOUR_MS))), (later(HOUR_MS), later(HOUR_MS)));
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_the_limit_nor_waits_longer_than_told(
            size in 1_i64..100, count in 1_i64..1000, period_ms in 1_i64..100_000,
            gaps in prop::collection::vec(0_i64..2000, 1..200),
        ) {
            let rate = Rate::new(size, count, period_ms);
            let (mut bucket, mut now, mut passed) = (Bucket::default(), NOW, 0);
            for gap in gaps {
                now = Timestamp(now.0 + gap);
                let wait_ms = bucket.wait_ms(rate, now);
                if wait_ms > 0 {
                    prop_assert_eq!(bucket.wait_ms(rate, Timestamp(now.0 + wait_ms)), 0);
                    prop_assert!(bucket.wait_ms(rate, Timestamp(now.0 + wait_ms - 1)) > 0);
                } else {
                    bucket.take(rate, now);
                    passed += 1;
                }
                let refilled = (now.0 - NOW.0) * 1000 / rate.refill_us;
                prop_assert!(passed <= size + refilled, "{passed} passed of {size} + {refilled}");
            }
        }
    }
}
