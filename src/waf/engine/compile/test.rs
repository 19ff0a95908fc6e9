//! Conditions: what a link looks at, and what for.

use std::path::Path;

use super::Compiler;
use crate::waf::engine::program::{Select, Target, Test};
use crate::waf::engine::{Unusable, Why};
use crate::waf::operators::{Guard, Operator, OperatorError};
use crate::waf::seclang::{self, Modifier, Selector};
use crate::waf::variables::Source;

impl Compiler<'_> {
    pub(super) fn test(
        &mut self,
        rule: &seclang::Rule,
        link: &seclang::Link,
        condition: &seclang::Condition,
        index: usize,
    ) -> Result<Test, Why> {
        let mut targets = Vec::new();
        for variable in condition.variables.iter().filter(|variable| variable.modifier != Modifier::Exclusion) {
            let but = condition
                .variables
                .iter()
                .filter(|but| but.modifier == Modifier::Exclusion && but.collection == variable.collection);
            let but: Vec<&Selector> = but.map(|but| &but.selector).collect();
            if but.iter().any(|but| matches!(but, Selector::All) || **but == variable.selector) {
                continue;
            }
            let mut source = Source::of(variable.collection);
            let mut select = self.select(rule, link, source, &variable.selector);
            if let (Source::Headers, Select::Key(name)) = (source, &select) {
                (source, select) = (Source::header(name), Select::All);
            }
            if source == Source::NotLogged {
                continue;
            }
            self.program.wanted |= source.bit();
            let but = but.into_iter().map(|but| self.select(rule, link, source, but)).collect();
            let key = match &variable.selector {
                Selector::Key(key) => Some(key.clone()),
                Selector::All | Selector::Regex(_) => None,
            };
            let count = variable.modifier == Modifier::Count;
            targets.push(Target { source, select, count, but, collection: variable.collection, key });
        }
        if targets.is_empty() {
            return Err(Why::NotLogged { link: index });
        }
        let has_macros = condition.operator.argument.text().is_none();
        let argument = has_macros.then(|| self.template(rule, &condition.operator.argument));
        let text = match condition.operator.argument.text() {
            Some(text) => text.to_owned(),
            None => condition.operator.argument.to_string(),
        };
        let operator = self.operator(rule, link, condition.operator.name, &text)?;
        let fingerprint = operator.name() == "detectSQLi";
        let negated = condition.operator.negated;
        Ok(Test {
            targets,
            fingerprint,
            guard: operator.guard(),
            guard_before: guard_before(&link.transformations, &operator),
            is_guarded: !negated && argument.is_none(),
            operator,
            argument,
            negated,
        })
    }

    fn operator(
        &mut self,
        rule: &seclang::Rule,
        link: &seclang::Link,
        name: &str,
        argument: &str,
    ) -> Result<Operator, Why> {
        let directory = Path::new(&*link.place.file).parent().unwrap_or(Path::new(""));
        let files = |file: &str| (self.options.files)(&directory.join(file));
        Operator::compile(name, argument, &files).map_err(|error| match error {
            OperatorError::NotInALog { name, needs } => Why::Operator { name, needs },
            error => {
                self.unusable.push(Unusable { id: rule.id, place: link.place.clone(), error });
                Why::Unusable
            }
        })
    }

    fn select(&mut self, rule: &seclang::Rule, link: &seclang::Link, source: Source, selector: &Selector) -> Select {
        match selector {
            Selector::All => Select::All,
            Selector::Key(key) if source == Source::Tx => Select::Slot(self.program.slots.slot_of(key)),
            Selector::Key(key) => Select::Key(key.as_bytes().into()),
            Selector::Regex(regex) => match self.operator(rule, link, "rx", &format!("(?i){regex}")) {
                Ok(operator) => Select::Regex(operator),
                Err(_) => Select::All,
            },
        }
    }
}

/// What a value must be before its length is compared with a number.
fn guard_before(transformations: &[&'static str], operator: &Operator) -> Guard {
    let number = operator.argument().trim().parse::<usize>();
    match (transformations, operator.name(), number) {
        (["length"], "gt", Ok(number)) => Guard::at_least(number.saturating_add(1)),
        (["length"], "ge", Ok(number)) => Guard::at_least(number),
        _ => Guard::open(),
    }
}
