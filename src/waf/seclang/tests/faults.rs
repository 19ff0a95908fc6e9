//! Every way in which rules can be wrong, with the message.

use super::*;

fn faults(text: &str) -> Vec<String> {
    match RuleSet::parse("t", text.as_bytes()) {
        Ok(set) => panic!("no fault in {text}: {set}"),
        Err(Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_fault_says_where_what_and_how_to_mend_it() {
    let cases: &[(&str, &str)] = &[
        // Directives.
        ("SecRul ARGS x id:1", "t:1: unknown directive 'SecRul'; correct its name (did you mean 'SecRule'?)"),
        ("\n\nFoo bar", "t:3: unknown directive 'Foo'; correct its name"),
        (
            "<IfModule security2>",
            "t:1: '<IfModule' is Apache's, and no SecLang; leave in only what stands between such lines",
        ),
        ("SecRule", "t:1: SecRule is not complete; write variables, such as ARGS behind it"),
        ("SecRule ARGS", "t:1: SecRule is not complete; write an operator, such as \"@rx pattern\" behind it"),
        ("SecMarker", "t:1: SecMarker is not complete; write the marker's name behind it"),
        (
            "SecMarker A B",
            "t:1: more words than the directive has; take it out, or put what belongs together into quotes",
        ),
        ("SecMarker 'a\\'", "t:1: ''a\\'' is no marker's name; write one without quotes and backslashes inside"),
        ("SecRuleEngine Maybe", "t:1: 'Maybe' is no state of the rule engine; write On, Off or DetectionOnly"),
        ("SecArgumentSeparator &&", "t:1: '&&' is no separator; write one ASCII sign, such as &"),
        ("Include other.conf", "t:1: a text can't include files; load the file beside it"),
        // Words.
        (
            "SecMarker \"A",
            "t:1: the quotation mark is not closed; close it, and end each line but the directive's last with \\",
        ),
        (
            "SecMarker \"A\"B",
            "t:1: text right behind a closing quotation mark; write \\\" for a quotation mark inside of the quotes",
        ),
        (
            "SecMarker A\"B",
            "t:1: a quotation mark inside of a word; put the whole word into quotes, and write \\\" for the one inside",
        ),
        ("SecRule ARGS a\\ id:1", "t:1: a backslash that escapes nothing; write \\\\ for a backslash"),
        ("SecMarker A \\ \n", "t:1: blanks behind the \\ that continues the line; take them out"),
        // Variables.
        ("SecRule ARG x id:1", "t:1: unknown variable 'ARG'; correct its name (did you mean 'ARGS'?)"),
        ("SecRule ARGS||TX x id:1", "t:1: a variable without a name; name one, such as ARGS"),
        ("SecRule ARGS: x id:1", "t:1: no key behind the colon; write a key, or ARGS alone for all of them"),
        ("SecRule ARGS:'a x id:1", "t:1: the ' before a key is not closed; end the key with '"),
        ("SecRule ARGS$ x id:1", "t:1: '$' behind a variable; separate variables with |"),
        (
            "SecRule REQUEST_URI:a x id:1",
            "t:1: REQUEST_URI is one value, and has no keys; leave out what is behind the colon",
        ),
        (
            "SecRule TX:%{TX.0} x id:1",
            "t:1: a macro in a variable's key; write the key itself, or a /regular expression/",
        ),
        // Operators.
        (
            "SecRule ARGS @regex id:1",
            "t:1: unknown operator '@regex'; correct its name; a pattern that begins with @ is written \"@rx @regex…\"",
        ),
        (
            "SecRule ARGS \"@stareq a\" id:1",
            "t:1: unknown operator '@stareq'; correct its name (did you mean 'streq'?); a pattern that begins with @ is written \"@rx @stareq…\"",
        ),
        ("SecRule ARGS \"@eq\" id:1", "t:1: @eq has no argument; write one behind the name and a blank"),
        ("SecRule ARGS \"!@rx \" id:1", "t:1: @rx has no argument; write one behind the name and a blank"),
        ("SecRule ARGS \"@detectSQLi a\" id:1", "t:1: @detectSQLi takes no argument; leave out what is behind it"),
        ("SecRule ARGS \"!\" id:1", "t:1: no operator; write one, such as \"@rx pattern\""),
        // Macros.
        (
            "SecRule ARGS \"@streq %{tx.a\" id:1",
            "t:1: a macro that is not closed; end it with }, or write \\%{ for the text",
        ),
        ("SecRule ARGS \"@streq %{foo.a}\" id:1", "t:1: unknown variable 'foo' in a macro; correct its name"),
        ("SecRule ARGS \"@streq %{tx.}\" id:1", "t:1: the macro %{tx.} has no key; write one behind the dot"),
        (
            "SecRule ARGS \"@streq %{request_uri.a}\" id:1",
            "t:1: the macro %{request_uri.a} has a key, but REQUEST_URI is one value; write %{REQUEST_URI}",
        ),
        // Action lists.
        (
            "SecAction \"id:1,pass",
            "t:1: the quotation mark before the actions is not closed; close it, and end each line but the directive's last with \\",
        ),
        ("SecAction \"id:1,,pass\"", "t:1: an empty action; take out the comma too many"),
        ("SecAction \"id:1,pass,\"", "t:1: an empty action; take out the comma too many"),
        ("SecAction \"\"", "t:1: an empty action; take out the comma too many"),
        ("SecAction \"id:1,'pass'\"", "t:1: ''' where an action begins; begin with an action's name, such as id"),
        ("SecAction \"id:1 pass\"", "t:1: '1 pass' is no id; write a number from 1 to 4294967295"),
        (
            "SecAction \"id:1,msg:'a' b\"",
            "t:1: 'b' behind an action; separate actions by commas, and put a value with a comma or quotes into single quotes",
        ),
        ("SecAction \"id:1,msg:'a\"", "t:1: the ' behind msg: is not closed; end the value with '"),
        ("SecAction \"id:1,msg:a\\,pass\"", "t:1: a backslash that escapes nothing; write \\\\ for a backslash"),
        (
            "SecAction \"id:1\" pass",
            "t:1: more words than the directive has; take it out, or put what belongs together into quotes",
        ),
        ("SecAction \\\n \"id:1,\\\n pas\"", "t:3: unknown action 'pas'; correct its name (did you mean 'pass'?)"),
        ("SecAction \"id:1,pass:1\"", "t:1: pass takes no value; leave out the colon and the value"),
        ("SecAction \"id:1,msg\"", "t:1: msg has no value; write msg:VALUE"),
        // Values.
        ("SecAction id:0", "t:1: '0' is no id; write a number from 1 to 4294967295"),
        ("SecAction id:+1", "t:1: '+1' is no id; write a number from 1 to 4294967295"),
        (
            "SecAction \"id:1,phase:6\"",
            "t:1: '6' is no phase; write a number from 1 to 5, request, response or logging",
        ),
        ("SecAction \"id:1,severity:9\"", "t:1: '9' is no severity; correct its name, or write a number from 0 to 7"),
        (
            "SecAction \"id:1,severity:CRITCAL\"",
            "t:1: 'CRITCAL' is no severity; correct its name (did you mean 'CRITICAL'?), or write a number from 0 to 7",
        ),
        ("SecAction \"id:1,status:20\"", "t:1: '20' is no status; write a number from 100 to 999"),
        (
            "SecAction \"id:1,allow:all\"",
            "t:1: 'all' is nothing allow knows; write allow, allow:phase or allow:request",
        ),
        (
            "SecAction \"id:1,t:lowercse\"",
            "t:1: unknown transformation 'lowercse'; correct its name (did you mean 'lowercase'?)",
        ),
        ("SecAction \"id:1,skip:0\"", "t:1: '0' is no skip; write a number from 1 to 4294967295"),
        (
            "SecAction \"id:1,setvar:args.a=1\"",
            "t:1: 'args' is no collection that setvar writes; write setvar:'tx.KEY=VALUE'; besides TX there are GLOBAL, IP, RESOURCE, SESSION, TX, USER",
        ),
        (
            "SecAction \"id:1,setvar:tx=1\"",
            "t:1: 'tx=1' is no collection that setvar writes; write setvar:'tx.KEY=VALUE'; besides TX there are GLOBAL, IP, RESOURCE, SESSION, TX, USER",
        ),
        ("SecAction \"id:1,setvar:tx.=1\"", "t:1: setvar has no key; write setvar:'tx.KEY'"),
        (
            "SecAction \"id:1,setvar:!tx.a=1\"",
            "t:1: setvar removes a key and sets it, too; leave out the ! or the value",
        ),
        ("SecAction \"id:1,expirevar:tx.a\"", "t:1: expirevar says no time; write expirevar:'tx.a=SECONDS'"),
        (
            "SecAction \"id:1,ctl:ruleRemoveByIds=1\"",
            "t:1: ctl knows no 'ruleRemoveByIds'; correct its name (did you mean 'ruleRemoveById'?)",
        ),
        ("SecAction \"id:1,ctl:ruleEngine\"", "t:1: ctl:ruleEngine has no value; write ctl:ruleEngine=VALUE"),
        (
            "SecAction \"id:1,ctl:ruleEngine=no\"",
            "t:1: 'no' is no state of the rule engine; write On, Off or DetectionOnly",
        ),
        ("SecAction \"id:1,ctl:ruleRemoveById=a\"", "t:1: 'a' is no id; write a number from 1 to 4294967295"),
        ("SecAction \"id:1,ctl:ruleRemoveById=9-3\"", "t:1: the range 9-3 ends before it begins; write 3-9"),
        (
            "SecAction \"id:1,ctl:ruleRemoveTargetById=9\"",
            "t:1: ctl:ruleRemoveTargetById names no variable; write ctl:ruleRemoveTargetById=RULES;VARIABLE, such as ruleRemoveTargetById=…;ARGS:token",
        ),
        (
            "SecAction \"id:1,ctl:ruleRemoveTargetById=9;!ARGS\"",
            "t:1: '!ARGS' is not one variable; write one, without & or !",
        ),
        // Rules and chains.
        ("SecRule ARGS a", "t:1: a rule without id; give it one: id:NUMBER"),
        ("SecAction pass", "t:1: a SecAction without id; give it one: id:NUMBER"),
        (
            "SecAction \"id:1,chain\"",
            "t:1: a SecAction begins no chain; begin the chain with a SecRule, such as SecRule REQUEST_METHOD \"@unconditionalMatch\"",
        ),
        ("SecAction id:1\nSecAction id:1", "t:2: the id 1 is that of the rule at t:1; give one of the two another id"),
        (
            "\nSecRule ARGS a \"id:1,chain\"",
            "t:2: the chain ends nowhere; write the SecRule that ends it behind it, without id, or take out chain",
        ),
        (
            "SecRule ARGS a \"id:1,chain\"\nSecRule ARGS b chain\nSecMarker A",
            "t:2: the chain ends nowhere; write the SecRule that ends it behind it, without id, or take out chain",
        ),
        (
            "SecRule ARGS a \"id:1,chain\"\nSecRule ARGS b id:2",
            "t:1: the chain ends nowhere; write the SecRule that ends it behind it, without id, or take out chain",
        ),
        (
            "SecRule ARGS a \"id:1,chain\"\nSecRule ARGS b pass",
            "t:2: a disruptive action in a link of a chain; move it to the rule that begins the chain",
        ),
        (
            "SecRule ARGS a \"id:1,phase:2,chain\"\nSecRule ARGS b phase:1",
            "t:2: another phase in a link of a chain; leave it out: the first rule's phase is the chain's",
        ),
        (
            "SecMarker A\nSecAction \"id:1,skipAfter:A\"",
            "t:2: the rule 1 skips to the marker 'A', which doesn't stand behind it; write SecMarker \"A\" behind it, or correct the name",
        ),
        // Defaults.
        ("SecDefaultAction phase:2", "t:1: SecDefaultAction says nothing disruptive; write pass or deny"),
        ("SecDefaultAction \"phase:2,block\"", "t:1: block can't stand in SecDefaultAction; write it in the rules"),
        (
            "SecDefaultAction \"phase:2,pass,t:none\"",
            "t:1: t:none can't stand in SecDefaultAction; write it in the rules",
        ),
        (
            "SecDefaultAction \"phase:2,pass\"\nSecDefaultAction \"phase:2,deny\"",
            "t:2: phase 2 has its SecDefaultAction at t:1; leave one of the two",
        ),
        // Directives about other rules.
        ("SecRuleRemoveById", "t:1: SecRuleRemoveById is not complete; write a rule's id behind it"),
        ("SecRuleRemoveById 1 x", "t:1: 'x' is no id; write a number from 1 to 4294967295"),
        ("SecRuleRemoveById ,", "t:1: no id; write ids and ranges, such as 1000 2000-2999"),
        (
            "SecRuleRemoveByTag",
            "t:1: SecRuleRemoveByTag is not complete; write what the rules have, in quotes behind it",
        ),
        (
            "SecRuleUpdateTargetById 1",
            "t:1: SecRuleUpdateTargetById is not complete; write variables, such as !ARGS:token behind it",
        ),
        ("SecRuleUpdateTargetById 1:x ARGS", "t:1: 'x' is no link of a chain; write a number, 1 for the second link"),
        (
            "SecRuleUpdateActionById 1 \"id:2\"",
            "t:1: id can't be changed by SecRuleUpdateActionById; write the rule anew instead",
        ),
    ];
    for (text, want) in cases {
        assert_eq!(faults(text), [*want], "{text}");
    }
}

#[test]
fn all_faults_are_told_in_order_and_what_follows_from_one_is_not() {
    let text = "SecRule ARGSS \"@rxx a\" \\\n  \"id:1,chain,\\\n  tt:none,msg:x\"\nSecRule ARGS b\n\
                SecRule TX a \"id:2,skipAfter:END\"\nSecRule TX a \"id:2\"\nFoo";
    let want = [
        "t:1: unknown variable 'ARGSS'; correct its name (did you mean 'ARGS'?)",
        "t:1: unknown operator '@rxx'; correct its name (did you mean 'rx'?); a pattern that begins with @ is written \
         \"@rx @rxx…\"",
        "t:3: unknown action 'tt'; correct its name (did you mean 't'?)",
        "t:5: the rule 2 skips to the marker 'END', which doesn't stand behind it; write SecMarker \"END\" behind it, or \
         correct the name",
        "t:6: the id 2 is that of the rule at t:5; give one of the two another id",
        "t:7: unknown directive 'Foo'; correct its name",
    ];
    assert_eq!(faults(text), want);
    assert_eq!(RuleSet::parse("t", text.as_bytes()).unwrap_err().to_string(), want.join("\n"));
}

#[test]
fn what_is_no_rule_set_at_all_is_soon_given_up() {
    assert_eq!(faults(&"Foo bar\n".repeat(5000)).len(), 1000);
    assert_eq!(faults(&format!("SecAction \"id:1{}\"", ",foo".repeat(5000))).len(), 100);
    let want = ["t:1: more than 1000 variables; write several rules"];
    assert_eq!(faults(&format!("SecRule ARGS{} a id:1", ",ARGS:/a".repeat(5000))), want);
}
