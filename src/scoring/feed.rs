//! How many rules the lines of a log can hit, by the fields that they hold.

use super::book::RuleBook;
use crate::model::{Field, FieldSet};

/// What the fields of a log are to the rules that lines are scored by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Feed {
    /// The rules.
    pub rules: usize,
    /// Of these, which a line can hit.
    pub fed: usize,
    /// The fields that are missing and that rules look at, the one that most rules need first.
    pub missing: Vec<Missing>,
}

/// A field that a log lacks, and rules by what that is to them. A rule may be among those of several fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Missing {
    /// The field.
    pub field: Field,
    /// Rules that no line can hit, and that look for it there.
    pub blind: usize,
    /// Rules that a line can hit, but not by this field, at which they look, too.
    pub dim: usize,
}

impl RuleBook {
    /// What lines that hold these fields are to the rules.
    pub fn feed(&self, held: FieldSet) -> Feed {
        let mut missing = Field::ALL.map(|field| Missing { field, blind: 0, dim: 0 });
        let (mut rules, mut fed) = (0, 0);
        let applied = |id: u32| self.rule(id).is_some_and(|facts| facts.enabled && facts.left_out.is_none());
        for (_, links) in self.engine().fields().filter(|(id, _)| applied(*id)) {
            let unfed: Vec<FieldSet> = links.iter().filter(|fields| !fields.meets(held)).copied().collect();
            let looked_at = links.into_iter().fold(FieldSet::default(), FieldSet::and);
            rules += 1;
            fed += usize::from(unfed.is_empty());
            for missing in missing.iter_mut().filter(|missing| !held.has(missing.field)) {
                missing.blind += usize::from(unfed.iter().any(|fields| fields.has(missing.field)));
                missing.dim += usize::from(unfed.is_empty() && looked_at.has(missing.field));
            }
        }
        let mut missing: Vec<Missing> = missing.into_iter().filter(|missing| missing.blind + missing.dim > 0).collect();
        missing.sort_by_key(|missing| std::cmp::Reverse((missing.blind, missing.dim)));
        Feed { rules, fed, missing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_fed_where_each_link_is() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("own.conf");
        let rules = r#"SecRule ARGS "@contains a" "id:1,phase:2,pass"
SecRule ARGS|REQUEST_FILENAME "@contains a" "id:2,phase:2,pass"
SecRule REQUEST_HEADERS:User-Agent "@contains a" "id:3,phase:2,pass,chain"
  SecRule REQUEST_METHOD "@streq GET"
SecRule REQUEST_HEADERS "@contains a" "id:4,phase:2,pass"
SecRule TX:a|REQUEST_HEADERS:Referer "@contains a" "id:5,phase:2,pass"
SecRule REQUEST_COOKIES "@contains a" "id:6,phase:2,pass"
SecRule REMOTE_ADDR "@ipMatch 192.0.2.1" "id:7,phase:2,pass"
SecRule DURATION "@gt 1" "id:8,phase:2,pass"
"#;
        std::fs::write(&file, rules).unwrap();
        let book = RuleBook::load(&[file.display().to_string()]).unwrap();
        let feed = |fields: &[Field]| {
            let Feed { rules, fed, missing } = book.feed(FieldSet::of(fields));
            assert_eq!(rules, 7);
            (fed, missing.into_iter().map(|missing| (missing.field, missing.blind, missing.dim)).collect::<Vec<_>>())
        };
        assert_eq!(feed(&Field::ALL), (7, vec![]));
        let (fed, missing) = feed(&[Field::Url, Field::Method, Field::Client, Field::TimeTaken]);
        assert_eq!(fed, 5);
        assert_eq!(missing, [(Field::Query, 1, 1), (Field::UserAgent, 1, 1), (Field::Referer, 0, 1)]);
        let (fed, missing) = feed(&[]);
        assert_eq!(fed, 1);
        assert_eq!(missing.len(), 7);
        assert_eq!(missing[0], (Field::Url, 2, 0));
    }
}
