use super::*;
use proptest::prelude::*;
use rusqlite::{Connection, MAIN_DB};

fn orders() -> [GroupOrder; 5] {
    let of = |set| GroupOrder::Outcomes(set);
    let (blocked, challenged) = (OutcomeSet::blocked(false), OutcomeSet::blocked(true));
    [GroupOrder::Rows, GroupOrder::Bytes, of(blocked), of(challenged), of(OutcomeSet::default())]
}

/// Sums in every format.
fn formats(entries: &[(u32, Measure)]) -> [Vec<u8>; 3] {
    let mut stored = [Vec::new(), Vec::new(), Vec::new()];
    sums_whole::write(&mut stored[0], entries, Packing::Quick);
    sums_whole::write(&mut stored[1], entries, Packing::Small);
    sums_chunked::write(&mut stored[2], entries);
    stored
}

fn sums<S: Stored + ?Sized>(stored: &S, wanted: &impl Wanted) -> Decoded<Vec<(u32, Measure)>> {
    let mut found = Vec::new();
    read_sums(stored, wanted, |id, measure| found.push((id, *measure))).map(|()| found)
}

fn sizes<S: Stored + ?Sized>(stored: &S, order: GroupOrder) -> Decoded<Vec<(u32, u64)>> {
    let mut found = Vec::new();
    let each = |ids: &[u32], sizes: &[u64]| found.extend(ids.iter().copied().zip(sizes.iter().copied()));
    read_sizes(stored, order, each).map(|()| found)
}

/// Ids of a range.
struct Within(RangeInclusive<u32>);

impl Wanted for Within {
    fn has(&self, id: u32) -> bool {
        self.0.contains(&id)
    }

    fn may_have(&self, ids: RangeInclusive<u32>) -> bool {
        ids.start() <= self.0.end() && self.0.start() <= ids.end()
    }
}

/// Every question to these sums is answered as the entries themselves answer it.
fn answers_are_right(stored: &(impl Stored + ?Sized), entries: &[(u32, Measure)]) {
    assert_eq!(sums(stored, &|_| true).as_deref(), Ok(entries));
    for order in orders() {
        let has = |size| size > 0 || !matches!(order, GroupOrder::Outcomes(_));
        let sized = entries.iter().map(|(id, measure)| (*id, measure.size(order)));
        assert_eq!(sizes(stored, order), Ok(sized.filter(|(_, size)| has(*size)).collect()), "{order:?}");
    }
    let at = |part: usize| entries.get(entries.len() * part / 8).map_or(7, |(id, _)| *id);
    for wanted in [at(0)..=at(0), at(3)..=at(3), at(2)..=at(5), at(7)..=u32::MAX] {
        let want: Vec<_> = entries.iter().filter(|(id, _)| wanted.contains(id)).copied().collect();
        assert_eq!(sums(stored, &Within(wanted.clone())), Ok(want.clone()));
        assert_eq!(sums(stored, &|id: u32| wanted.contains(&id)), Ok(want));
    }
}

/// Groups as a log makes them: some ids left out, most with few rows, some refused.
fn entries(count: u64) -> Vec<(u32, Measure)> {
    let mut id = 0;
    let entry = |at: u64| {
        let noise = xxhash_rust::xxh3::xxh3_64(&at.to_le_bytes());
        id += 1 + (noise % 9) as u32;
        let mut outcomes = OutcomeCounts([1 + noise % 5, 0, 0, 0, 0, 0]);
        match noise >> 8 & 31 {
            0 => outcomes.0 = [0, 2, 0, 1, 0, noise >> 40],
            1 => outcomes.0[4] = 1,
            2 => outcomes.0[0] = noise >> 20,
            _ => {}
        }
        (id, Measure { outcomes, bytes: noise >> (noise % 50), time_taken_ms: (noise as i64) >> (noise % 60) })
    };
    (0..count).map(entry).collect()
}

fn measure() -> impl Strategy<Value = Measure> {
    let count = prop_oneof![4 => 0_u64..5, 1 => 0_u64..1 << 50];
    let bytes = prop_oneof![any::<u64>(), Just(u64::MAX), Just(0)];
    let time = prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), -5..5_i64];
    (proptest::array::uniform6(count), bytes, time).prop_map(|(counts, bytes, time_taken_ms)| Measure {
        outcomes: OutcomeCounts(counts),
        bytes,
        time_taken_ms,
    })
}

proptest! {
    #[test]
    fn every_format_answers_what_was_written(
        entries in proptest::collection::btree_map(any::<u32>(), measure(), 0..300),
    ) {
        let entries: Vec<_> = entries.into_iter().collect();
        formats(&entries).iter().for_each(|stored| answers_are_right(&stored[..], &entries));
    }

    #[test]
    fn noise_is_an_error_not_a_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), version in 0..4_u8) {
        if let Some(first) = bytes.first_mut() {
            *first = version;
        }
        prop_assert!(sums(&bytes[..], &|_| true).is_err());
        orders().into_iter().for_each(|order| assert!(sizes(&bytes[..], order).is_err()));
    }
}

#[test]
fn chunks_of_every_length_are_read_back() {
    for count in [0, 1, 127, 128, 129, 1023, 1024, 4095, 4096, 4097, 9000] {
        let entries = entries(count);
        formats(&entries).iter().for_each(|stored| answers_are_right(&stored[..], &entries));
    }
}

#[test]
fn pieces_read_from_the_database_are_those_of_the_whole() {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch("CREATE TABLE rollup (id INTEGER PRIMARY KEY, data BLOB)").unwrap();
    let entries = entries(9000);
    for (row, stored) in (1..).zip(formats(&entries)) {
        db.execute("INSERT INTO rollup VALUES (?1, ?2)", rusqlite::params![row, stored]).unwrap();
        answers_are_right(&db.blob_open(MAIN_DB, "rollup", "data", row, true).unwrap(), &entries);
    }
}

#[test]
fn nothing_is_taken_of_a_bucket_with_damage_anywhere_in_what_is_read() {
    let entries = entries(4100);
    let mut stored = Vec::new();
    write_groups(&mut stored, &entries, Packing::Small);
    let last = entries[4099].0;
    for at in (0..stored.len()).step_by(61).chain(0..200).chain(stored.len() - 300..stored.len()) {
        stored[at] ^= 0x10;
        let mut taken = 0;
        assert!(read_sums(&stored[..], &|_| true, |_, _| taken += 1).is_err(), "byte {at}");
        for order in orders() {
            let mut groups = 0;
            // Damage in what an order does not ask for is not met.
            if read_sizes(&stored[..], order, |ids, _| groups += ids.len()).is_err() {
                taken += groups;
            }
        }
        let mut few = 0;
        if read_sums(&stored[..], &Within(last..=last), |_, _| few += 1).is_err() {
            taken += few;
        }
        assert_eq!(taken, 0, "byte {at}");
        stored[at] ^= 0x10;
    }
    for length in (0..stored.len()).step_by(97) {
        assert!(sums(&stored[..length], &|_| true).is_err());
    }
}

#[test]
fn a_question_reads_what_it_needs() {
    /// Counts what is read of it.
    struct Counting<'b>(&'b [u8], std::cell::Cell<usize>);
    impl Stored for Counting<'_> {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn bytes(&self, span: Range<usize>) -> Decoded<Cow<'_, [u8]>> {
            self.1.set(self.1.get() + span.len());
            self.0.bytes(span)
        }
    }
    let entries = entries(50_000);
    let mut stored = Vec::new();
    write_groups(&mut stored, &entries, Packing::Small);
    let read = |ask: &dyn Fn(&Counting<'_>)| {
        let counting = Counting(&stored, Default::default());
        ask(&counting);
        counting.1.get()
    };
    assert!(read(&|stored| assert!(sizes(stored, GroupOrder::Rows).is_ok())) < stored.len() / 3);
    let id = entries[20_000].0;
    assert!(read(&|stored| assert_eq!(sums(stored, &Within(id..=id)).unwrap().len(), 1)) < stored.len() / 8);
}
