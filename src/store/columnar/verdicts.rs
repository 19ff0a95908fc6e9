//! What rules said of rows, and how bad that and the outcome make them: kept together as a dictionary column of few
//! values, so that filters, groups and orders by severity look at one column.

use super::block::kind_outcome;
use crate::model::{Batch, DictColumn, Outcome, Severity, Verdict};

/// The values of a batch's rows: the severity's digit, then the text form of the verdict, empty where the row was not
/// scored.
pub(super) fn of(batch: &Batch) -> DictColumn {
    let outcomes: Vec<Outcome> = batch.kind.values.iter().map(kind_outcome).collect();
    let verdicts: Vec<Option<Verdict>> = batch.verdict.values.iter().map(Verdict::read).collect();
    // The code of each pair of outcome and verdict, once it was met.
    let mut codes: Vec<Option<u32>> = vec![None; Outcome::ALL.len() * verdicts.len()];
    let (mut column, mut value) = (DictColumn::default(), Vec::new());
    column.codes.reserve(batch.len());
    for (kind, verdict) in batch.kind.codes.iter().zip(&batch.verdict.codes) {
        let (outcome, verdict) = (outcomes[*kind as usize], *verdict as usize);
        let code = codes[outcome as usize * verdicts.len() + verdict].get_or_insert_with(|| {
            write(
                Severity::of_row(outcome, verdicts[verdict].as_ref()),
                batch.verdict.values.get(verdict as u32),
                &mut value,
            );
            column.values.intern(&value)
        });
        column.codes.push(*code);
    }
    column
}

/// Writes a value in place of what `out` held.
pub(super) fn write(severity: Severity, verdict: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.push(b'0' + severity as u8);
    out.extend_from_slice(verdict);
}

/// The severity of a value, and the text form of the verdict.
pub(super) fn read(value: &[u8]) -> Option<(Severity, &[u8])> {
    let (digit, verdict) = value.split_first()?;
    Some((*Severity::ALL.get(usize::from(digit.checked_sub(b'0')?))?, verdict))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccessEvent, SourceName, Target};

    #[test]
    fn values_hold_what_outcome_and_verdict_make_of_a_row() {
        let mut batch = Batch::new(SourceName::default());
        for (sc_status, verdict) in [
            (200, &b""[..]),
            (200, b"0"),
            (403, b"0"),
            (200, b"5 2 sql 1:5"),
            (403, b"5 2 sql 1:5"),
            (200, b"0"),
            (200, b"3 4 x 2:3"),
        ] {
            let result: &[u8] = if sc_status == 403 { b"TCP_DENIED" } else { b"TCP_MISS" };
            let event = AccessEvent { sc_status, result, ..AccessEvent::default() };
            batch.push_scored(&event, &Target::default(), verdict, b"");
        }
        let column = of(&batch);
        let values: Vec<_> =
            column.codes.iter().map(|code| String::from_utf8_lossy(column.values.get(*code)).into_owned()).collect();
        assert_eq!(values, ["6", "60", "40", "25 2 sql 1:5", "25 2 sql 1:5", "60", "53 4 x 2:3"]);
        assert_eq!(read(b"25 2 sql 1:5"), Some((Severity::Critical, &b"5 2 sql 1:5"[..])));
        assert_eq!(
            (read(b"6"), read(b""), read(b"9"), read(b" ")),
            (Some((Severity::Informational, &b""[..])), None, None, None)
        );
    }
}
