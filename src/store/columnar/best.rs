//! The first rows of an order, kept while all that might be among them go by.

use crate::model::Order;
use std::borrow::Borrow;
use std::cmp::Ordering;

/// What a row is ordered by, and its number.
pub(super) type Key<V> = (V, u64);

/// The first `most` keys of an order.
#[derive(Debug)]
pub(super) struct Best<V> {
    order: Order,
    most: usize,
    keys: Vec<Key<V>>,
    /// The last of the first `most`, once there are so many: nothing behind it is wanted.
    bound: Option<Key<V>>,
}

impl<V: Ord + Clone> Best<V> {
    /// None yet; keys from `bound` on are not wanted.
    pub(super) fn new(order: Order, most: usize, bound: Option<Key<V>>) -> Best<V> {
        Best { order, most: most.max(1), keys: Vec::new(), bound }
    }

    /// Which of two keys comes first.
    pub(super) fn compare(order: Order, a: &Key<V>, b: &Key<V>) -> Ordering {
        match order {
            Order::Ascending => a.cmp(b),
            Order::Descending => b.cmp(a),
        }
    }

    /// Whether a key would be kept.
    #[inline]
    pub(super) fn wants(&self, key: &Key<V>) -> bool {
        self.bound.as_ref().is_none_or(|bound| Self::compare(self.order, key, bound) == Ordering::Less)
    }

    /// Whether a key of that value may be wanted, told before one is made.
    #[inline]
    pub(super) fn may_want<B: Ord + ?Sized>(&self, value: &B) -> bool
    where
        V: Borrow<B>,
    {
        self.bound.as_ref().is_none_or(|(bound, _)| match self.order {
            Order::Ascending => value <= bound.borrow(),
            Order::Descending => value >= bound.borrow(),
        })
    }

    /// Adds a key if it is wanted.
    #[inline]
    pub(super) fn push(&mut self, key: Key<V>) {
        if self.wants(&key) {
            self.keys.push(key);
            if self.keys.len() >= self.most.saturating_mul(2).max(1024) {
                self.thin_out();
            }
        }
    }

    /// The key from which on nothing is wanted; `None` while anything is.
    pub(super) fn bound(&mut self) -> Option<&Key<V>> {
        if self.keys.len() > self.most || self.bound.is_none() && self.keys.len() == self.most {
            self.thin_out();
        }
        self.bound.as_ref()
    }

    fn thin_out(&mut self) {
        let order = self.order;
        let (_, last, _) = self.keys.select_nth_unstable_by(self.most - 1, |a, b| Self::compare(order, a, b));
        self.bound = Some(last.clone());
        self.keys.truncate(self.most);
    }

    /// The keys, first first.
    pub(super) fn into_sorted(mut self) -> Vec<Key<V>> {
        let order = self.order;
        self.keys.sort_unstable_by(|a, b| Self::compare(order, a, b));
        self.keys.truncate(self.most);
        self.keys
    }

    /// The keys that may be among the first, in no order.
    pub(super) fn into_keys(self) -> Vec<Key<V>> {
        self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_are_those_of_a_sorted_list(
            values in proptest::collection::vec(0..50_u64, 0..4000),
            most in 1..30_usize,
            descending in any::<bool>(),
        ) {
            let order = if descending { Order::Descending } else { Order::Ascending };
            let mut best = Best::new(order, most, None);
            let mut keys: Vec<Key<u64>> = values.iter().copied().zip(0..).collect();
            for key in &keys {
                best.push(*key);
            }
            keys.sort_by(|a, b| Best::compare(order, a, b));
            keys.truncate(most);
            let bound = best.bound().copied();
            prop_assert_eq!(bound, keys.get(most - 1).copied());
            prop_assert_eq!(best.into_sorted(), keys);
        }
    }
}
