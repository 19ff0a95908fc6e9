use super::super::{FirstAdmin, Judgement, PasswordWish, ensure_admin};
use super::*;
use crate::control::settings::{SettingDefaults, SettingValue};
use crate::control::{AccountChange, AccountName, NewAccount, NewApiKey, PasswordChange, Theme};
use crate::model::{FixedClock, Role, Scope, Terms};
use std::sync::OnceLock;

const START: i64 = 1_767_225_600_000;

struct Scene {
    dir: tempfile::TempDir,
    clock: Arc<FixedClock>,
    control: Arc<ControlDb>,
    auth: Authenticator,
}

fn scene() -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::at(Timestamp(START)));
    let control = Arc::new(ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap());
    static HASH: OnceLock<PasswordHash> = OnceLock::new();
    let hash = HASH.get_or_init(|| hash::hash(&Password::new("correct horse").unwrap()).unwrap());
    assert!(control.create_first_admin(&AccountName::new("Ada").unwrap(), hash, &from()).unwrap());
    let auth = Authenticator::new(Arc::clone(&control), clock.clone()).unwrap();
    Scene { dir, clock, control, auth }
}

fn from() -> Actor {
    Actor::system("test")
}

impl Scene {
    fn basic(&self, username: &str, password: &str) -> AuthResult<Option<Admission>> {
        let presented = Presented::Basic { username: username.to_owned(), password: password.to_owned() };
        self.auth.authenticate(&presented, &from())
    }

    fn bearer(&self, token: &str) -> Option<Principal> {
        let presented = Presented::Bearer(token.to_owned());
        self.auth.authenticate(&presented, &from()).unwrap().map(|admission| admission.principal)
    }

    fn ada(&self) -> Account {
        self.control.account("ada").unwrap().unwrap()
    }

    fn later(&self, by_ms: i64) {
        self.clock.set(Timestamp(self.clock.now().0 + by_ms));
    }
}

#[test]
fn right_credentials_pass_and_every_refusal_costs_one_hash_and_one_line() {
    let scene = scene();
    let (long, longest) = ("x".repeat(1025), "x".repeat(1024));
    let euro = "€".repeat(400);
    let cases = [
        ("Ada", "correct horse", true),
        ("Ada", "Correct horse", false),
        ("Ada", "correct horse ", false),
        ("Ada", "", false),
        ("Ada", &long, false),
        ("Ada", &longest, false),
        ("Ada", &euro, false),
        ("Bob", "correct horse", false),
        ("Bob", "", false),
        ("Bob", &long, false),
        ("", "", false),
        ("Ada' OR 1=1 --", "x", false),
    ];
    let action = Terms { any: vec!["auth.fail".to_owned()], none: Vec::new() };
    let filter = crate::control::AuditFilter { action, ..Default::default() };
    for (index, (username, password, want)) in cases.into_iter().enumerate() {
        let got = scene.basic(username, password).unwrap();
        let got = got.map(|admission| (admission.principal.username, admission.principal.role));
        assert_eq!(got, want.then_some(("Ada".to_owned(), Role::Admin)), "case {index}");
        assert_eq!(scene.auth.verifications(), index as u64 + 1, "case {index}");
        assert_eq!(scene.control.audit_page(&filter, 0, 0).unwrap().1, index as u64, "case {index}");
        scene.later(301_000);
    }
}

#[test]
fn right_credentials_are_remembered_for_five_minutes_and_wrong_ones_never() {
    let scene = scene();
    // (milliseconds since the start, password, passes, hashes so far)
    for (after_ms, password, passes, hashes) in [
        (0, "correct horse", true, 1),
        (0, "correct horse", true, 1),
        (299_999, "correct horse", true, 1),
        (299_999, "wrong", false, 2),
        (299_999, "wrong", false, 3),
        (300_000, "correct horse", true, 4),
        (300_001, "correct horse", true, 4),
    ] {
        scene.clock.set(Timestamp(START + after_ms));
        assert_eq!(scene.basic("aDa", password).unwrap().is_some(), passes, "{password} after {after_ms}");
        assert_eq!(scene.auth.verifications(), hashes, "{password} after {after_ms}");
    }
}

#[test]
fn a_changed_password_ends_the_remembered_one_at_once() {
    let scene = scene();
    assert!(scene.basic("Ada", "correct horse").unwrap().is_some());
    // By another process.
    let other = ControlDb::open(scene.dir.path(), scene.clock.clone(), SettingDefaults::default()).unwrap();
    let new = hash::hash(&Password::new("battery staple").unwrap()).unwrap();
    let ada = scene.ada();
    other.change_password(ada.id, &new, PasswordChange::ByOwner(&ada.password_hash), &from()).unwrap();
    assert!(scene.basic("Ada", "correct horse").unwrap().is_none());
    assert!(scene.basic("Ada", "battery staple").unwrap().is_some());
}

#[test]
fn many_at_once_share_the_work() {
    let scene = scene();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert!(scene.basic("Ada", "correct horse").unwrap().is_some()));
        }
    });
    // As many as have a place among the failures at a time.
    assert!(scene.auth.verifications() <= 5, "{}", scene.auth.verifications());
}

#[test]
fn five_failures_lock_right_and_remembered_passwords_out_and_leave_tokens_alone() {
    let scene = scene();
    assert!(scene.basic("Ada", "correct horse").unwrap().is_some());
    let pair = scene.auth.begin_tokens(&scene.ada(), &from()).unwrap().unwrap();
    for _ in 0..5 {
        assert!(scene.basic("ADA", "wrong").unwrap().is_none());
    }
    let hashes = scene.auth.verifications();
    for password in ["wrong", "correct horse"] {
        let refused = scene.basic("Ada", password);
        assert!(matches!(refused, Err(AuthError::Locked { retry_after_s: 300 })), "{refused:?}");
        assert!(matches!(scene.auth.judge("ada", password, None, &from()), Err(AuthError::Locked { .. })));
    }
    let wish =
        scene.auth.change_password(scene.ada().id, "correct horse", "x", &Actor { username: "Ada".into(), ..from() });
    assert!(matches!(wish, Err(AuthError::Locked { .. })));
    assert_eq!(scene.auth.verifications(), hashes);
    assert!(scene.bearer(&pair.access).is_some());
    scene.later(300_000);
    assert!(scene.basic("Ada", "correct horse").unwrap().is_some());
}

#[test]
fn a_generated_password_works_and_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::default());
    let control = Arc::new(ControlDb::open(dir.path(), clock.clone(), SettingDefaults::default()).unwrap());
    let name = AccountName::new("admin").unwrap();
    let FirstAdmin::Created { generated: Some(password) } = ensure_admin(&control, &name, None).unwrap() else {
        panic!("no password was generated");
    };
    let other = Password::new("other").unwrap();
    assert_eq!(ensure_admin(&control, &name, Some(&other)).unwrap(), FirstAdmin::Existing);
    let auth = Authenticator::new(control, clock).unwrap();
    assert!(matches!(auth.judge("admin", password.expose(), None, &from()).unwrap(), Judgement::Right(_)));
    assert_eq!(auth.judge("admin", "other", None, &from()).unwrap(), Judgement::Refused);
    let bytes = std::fs::read(dir.path().join("control.db-wal")).unwrap();
    assert!(memchr::memmem::find(&bytes, password.expose().as_bytes()).is_none(), "the password was stored");
}

#[test]
fn starting_at_once_creates_one_admin() {
    let dir = tempfile::tempdir().unwrap();
    let start = || {
        let clock = Arc::new(FixedClock::default());
        let control = ControlDb::open(dir.path(), clock, SettingDefaults::default()).unwrap();
        ensure_admin(&control, &AccountName::new("admin").unwrap(), None).unwrap()
    };
    let created = std::thread::scope(|scope| {
        let racers: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).filter(|made| *made != FirstAdmin::Existing).count()
    });
    assert_eq!(created, 1);
}

#[test]
fn keys_narrow_what_their_owner_may_and_end() {
    let scene = scene();
    let secret = super::super::Secret::api_key().unwrap();
    let new = NewApiKey {
        name: "ci".into(),
        prefix: secret.prefix().into(),
        secret: secret.hash(),
        scopes: Scopes::of(&[Scope::LogsRead, Scope::AuditRead, Scope::PiiRead]),
        sources: Some(Arc::from(["edge".to_owned()])),
        expires_at: Some(Timestamp(START + 1000)),
    };
    let key = scene.control.create_api_key(scene.ada().id, &new, &from()).unwrap();
    let scopes = || scene.bearer(secret.expose()).map(|principal| principal.scopes.to_string());
    assert_eq!(scopes().as_deref(), Some("logs:read audit:read"));
    assert_eq!(scene.bearer(secret.expose()).unwrap().sources.as_deref(), Some(&["edge".to_owned()][..]));
    let grant = AccountChange { pii_read: Some(true), ..AccountChange::default() };
    scene.control.change_account(scene.ada().id, &grant, &from()).unwrap();
    assert_eq!(scopes().as_deref(), Some("logs:read audit:read pii:read"));
    for other in [&secret.expose()[..50], "tg_live_", &format!("{}x", secret.expose())] {
        assert!(scene.bearer(other).is_none());
    }
    scene.later(1000);
    assert_eq!(scopes(), None);
    scene.clock.set(Timestamp(START));
    scene.control.delete_api_key(key.id, None, &from()).unwrap();
    assert_eq!(scopes(), None);
}

/// Of every credential: it is valid until the act that revokes it, by this process or another, and not after.
#[test]
fn what_is_revoked_is_noticed_at_once_by_requests_and_by_whoever_watches() {
    type Act = fn(&ControlDb, &Account, &Principal);
    let shut: Act = |db, ada, _| {
        let change = AccountChange { enabled: Some(false), ..AccountChange::default() };
        db.change_account(ada.id, &change, &from()).unwrap();
    };
    let demote: Act = |db, ada, _| {
        let change = AccountChange { role: Some(Role::Viewer), ..AccountChange::default() };
        db.change_account(ada.id, &change, &from()).unwrap();
    };
    let delete: Act = |db, ada, _| db.delete_account(ada.id, &from()).unwrap();
    let reset: Act = |db, ada, _| {
        let hash = PasswordHash::new("h".into());
        db.change_password(ada.id, &hash, PasswordChange::Reset, &from()).unwrap();
    };
    let end: Act = |db, ada, principal| match principal.credential {
        Credential::Session(login) | Credential::AccessToken(login) => {
            assert!(db.end_login(login, &from()).unwrap());
        }
        Credential::ApiKey(key) => db.delete_api_key(key, None, &from()).unwrap(),
        Credential::SelfSigned => db.set_access_secret(ada.id, "other", &from()).unwrap(),
        Credential::Password => {
            let known = PasswordChange::ByOwner(&ada.password_hash);
            db.change_password(ada.id, &PasswordHash::new("h".into()), known, &from()).unwrap();
        }
    };
    let idle: Act = |db, ada, _| {
        let change = AccountChange { email: Some("ada@example.org".into()), ..AccountChange::default() };
        db.change_account(ada.id, &change, &from()).unwrap();
    };
    // (act, does it take the worth of logins, of passwords, of keys and self-signed tokens)
    let acts = [
        ("shut out", shut, [true, true, true]),
        ("deleted", delete, [true, true, true]),
        ("ended", end, [true, true, true]),
        ("password reset", reset, [true, true, false]),
        ("another role", demote, [true, false, false]),
        ("another address", idle, [false, false, false]),
    ];
    for (name, act, revoked) in acts {
        for elsewhere in [false, true] {
            for kind in 0..5 {
                let scene = scene();
                let root = NewAccount {
                    name: AccountName::new("root").unwrap(),
                    password_hash: PasswordHash::new("h".into()),
                    role: Role::Admin,
                    display_name: String::new(),
                    email: String::new(),
                    theme: Theme::System,
                    must_change_password: false,
                };
                scene.control.create_account(&root, &from()).unwrap();
                let presented = scene.present(kind);
                let admission = scene.auth.authenticate(&presented, &from()).unwrap().unwrap();
                let mut watch = scene.auth.watch(&admission.principal, admission.until).unwrap().unwrap();
                assert!(scene.auth.still_valid(&mut watch).unwrap());
                let other = ControlDb::open(scene.dir.path(), scene.clock.clone(), SettingDefaults::default()).unwrap();
                let db = if elsewhere { &other } else { &*scene.control };
                act(db, &scene.ada(), &admission.principal);
                let revoked = revoked[match kind {
                    0 | 1 => 0,
                    2 => 1,
                    _ => 2,
                }];
                let what = format!("{name}, {presented:?} {kind}, elsewhere {elsewhere}");
                let left = scene.auth.authenticate(&presented, &from()).unwrap();
                assert_eq!(left.is_none(), revoked, "{what}");
                // Who watches is let go by another role, too: what it may do has changed.
                let goes_on = scene.auth.still_valid(&mut watch).unwrap();
                assert_eq!(goes_on, !revoked && name != "another role", "{what}");
            }
        }
    }
}

#[test]
fn a_watch_ends_with_its_credential() {
    let scene = scene();
    let pair = scene.auth.begin_tokens(&scene.ada(), &from()).unwrap().unwrap();
    let admission = scene.auth.authenticate(&Presented::Bearer(pair.access), &from()).unwrap().unwrap();
    let mut watch = scene.auth.watch(&admission.principal, admission.until).unwrap().unwrap();
    scene.later(8 * 3_600_000 - 1);
    assert!(scene.auth.still_valid(&mut watch).unwrap());
    scene.later(1);
    assert!(!scene.auth.still_valid(&mut watch).unwrap());
}

impl Scene {
    fn present(&self, kind: usize) -> Presented {
        let ada = self.ada();
        match kind {
            0 => {
                Presented::Session(self.auth.begin_session(&ada, &from()).unwrap().unwrap().cookie.expose().to_owned())
            }
            1 => Presented::Bearer(self.auth.begin_tokens(&ada, &from()).unwrap().unwrap().access),
            2 => Presented::Basic { username: "Ada".into(), password: "correct horse".into() },
            3 => {
                let secret = super::super::Secret::api_key().unwrap();
                let new = NewApiKey {
                    name: "ci".into(),
                    prefix: secret.prefix().into(),
                    secret: secret.hash(),
                    scopes: ada.scopes(),
                    sources: None,
                    expires_at: None,
                };
                self.control.create_api_key(ada.id, &new, &from()).unwrap();
                Presented::Bearer(secret.expose().to_owned())
            }
            _ => {
                let secret = self.auth.renew_access_secret(ada.id, &from()).unwrap();
                let now_s = self.clock.now().0 / 1000;
                Presented::Bearer(self.self_signed("Ada", now_s, now_s + 3600, "admin logs:read", secret.expose()))
            }
        }
    }

    fn self_signed(&self, sub: &str, iat: i64, exp: i64, scope: &str, secret: &str) -> String {
        let claims = serde_json::json!({ "iss": "self-signed", "sub": sub, "iat": iat, "exp": exp, "scope": scope });
        super::super::jws::sign(&claims.to_string(), secret.as_bytes())
    }
}

#[test]
fn self_signed_tokens_are_bounded_by_their_times_the_setting_and_the_role() {
    let scene = scene();
    let secret = scene.auth.renew_access_secret(scene.ada().id, &from()).unwrap();
    let now = START / 1000;
    let hour = 3600;
    for (sub, iat, exp, scope, want) in [
        ("Ada", now, now + hour, "logs:read", Some("logs:read")),
        ("ada", now, now + 24 * hour, "read:logs admin", Some("logs:read admin")),
        ("Ada", now + 60, now + hour, "", Some("")),
        ("Ada", now, now + hour, "pii:read", Some("")),
        ("Ada", now, now + hour, "root", None),
        ("Ada", now + 61, now + hour, "logs:read", None),
        ("Ada", now, now + 24 * hour + 1, "logs:read", None),
        ("Ada", now - 2 * hour, now, "logs:read", None),
        ("Ada", now, now, "logs:read", None),
        ("Ada", i64::MIN, i64::MAX, "logs:read", None),
        ("Bob", now, now + hour, "logs:read", None),
    ] {
        let token = scene.self_signed(sub, iat, exp, scope, secret.expose());
        let got = scene.bearer(&token).map(|principal| principal.scopes.to_string());
        assert_eq!(got.as_deref(), want, "{sub} {iat} {exp} {scope}");
    }
    let token = scene.self_signed("Ada", now, now + 2 * hour, "logs:read", secret.expose());
    scene.control.set_setting("self_signed_max_hours", SettingValue::Int(1), &from()).unwrap();
    assert!(scene.bearer(&token).is_none());
    let hmac_with_nothing = scene.self_signed("Ada", now, now + hour, "logs:read", "");
    assert!(scene.bearer(&hmac_with_nothing).is_none());
}

#[test]
fn a_second_factor_is_asked_for_taken_once_and_keeps_basic_out() {
    let scene = scene();
    let ada = scene.ada().id;
    let actor = Actor { username: "Ada".into(), ..from() };
    assert!(scene.basic("Ada", "correct horse").unwrap().is_some());
    let secret = scene.auth.offer_totp(ada, &actor).unwrap().unwrap();
    assert!(scene.basic("Ada", "correct horse").unwrap().is_some(), "nothing is asked for before it is confirmed");
    let code = |later_steps: i64| {
        let now = scene.clock.now().0;
        (0..1_000_000)
            .map(|n| format!("{n:06}"))
            .find(|code| secret.step_of(code, now) == Some(now / 30_000 + later_steps))
            .unwrap()
    };
    assert!(!scene.auth.confirm_totp(ada, "000000x", &actor).unwrap());
    let shown = code(0);
    assert!(scene.auth.confirm_totp(ada, &shown, &actor).unwrap());
    assert!(scene.auth.offer_totp(ada, &actor).unwrap().is_none());
    assert!(scene.basic("Ada", "correct horse").unwrap().is_none());
    let judge = |password: &str, code: Option<&str>| scene.auth.judge("Ada", password, code, &from()).unwrap();
    assert_eq!(judge("wrong", Some(&code(1))), Judgement::Refused);
    assert_eq!(judge("correct horse", None), Judgement::TotpNeeded);
    assert_eq!(judge("correct horse", Some(&shown)), Judgement::TotpNeeded, "it was shown to confirm");
    let next = code(1);
    assert!(matches!(judge("correct horse", Some(&next)), Judgement::Right(_)));
    assert_eq!(judge("correct horse", Some(&next)), Judgement::TotpNeeded);
    assert!(!scene.auth.remove_totp(ada, None, Some(&next), &actor).unwrap());
    assert!(scene.auth.remove_totp(ada, Some("correct horse"), None, &actor).unwrap());
    assert!(matches!(judge("correct horse", None), Judgement::Right(_)));
}

#[test]
fn a_password_is_changed_by_whoever_knows_it() {
    let scene = scene();
    let ada = scene.ada().id;
    let actor = Actor { username: "Ada".into(), ..from() };
    let wish = |current: &str, wanted: &str| scene.auth.change_password(ada, current, wanted, &actor).unwrap();
    assert_eq!(wish("wrong", "a long enough sentence"), PasswordWish::WrongCurrent);
    assert_eq!(wish("correct horse", "short"), PasswordWish::Weak(super::super::Weakness::Short(12)));
    let pair = scene.auth.begin_tokens(&scene.ada(), &from()).unwrap().unwrap();
    assert!(matches!(wish("correct horse", "a long enough sentence"), PasswordWish::Done(_)));
    assert!(scene.bearer(&pair.access).is_none());
    assert!(scene.auth.refresh(&pair.refresh, &from()).unwrap().is_none());
    assert!(scene.basic("Ada", "a long enough sentence").unwrap().is_some());
    let drawn = scene.auth.reset_password(ada, &from()).unwrap();
    assert!(scene.basic("Ada", drawn.expose()).unwrap().unwrap().principal.must_change_password);
}
