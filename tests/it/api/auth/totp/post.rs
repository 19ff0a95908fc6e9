//! `/api/auth/totp`.

use crate::support::api::{Api, PASSWORD, basic};
use crate::support::people::Way;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use tidegate::model::{Clock, Role, Timestamp};

/// What an authenticator shows, by another reading of RFC 6238.
fn code(secret: &str, at: Timestamp) -> String {
    let digits = secret.bytes().map(|sign| if sign < b'A' { sign - b'2' + 26 } else { sign - b'A' });
    let bits: String = digits.map(|digit| format!("{digit:05b}")).collect();
    let key: Vec<u8> = (0..bits.len() / 8).map(|n| u8::from_str_radix(&bits[n * 8..n * 8 + 8], 2).unwrap()).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(at.0 as u64 / 30_000).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = (digest[19] & 0xf) as usize;
    let word = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

#[tokio::test]
async fn it_is_enrolled_asked_for_and_turned_off() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let session = api.who(&ada, Way::Session, None);
    let totp = async |method: &str, body: Value| api.ask(&session, method, "/api/auth/totp", Some(&body)).await;
    assert_eq!(totp("POST", json!({ "code": "000000" })).await.status, 409);
    let offer = totp("POST", json!({})).await;
    assert_eq!(offer.status, 201);
    let secret = offer.body["data"]["secret"].as_str().unwrap().to_owned();
    let uri = format!("otpauth://totp/Tidegate:ada?secret={secret}&issuer=Tidegate");
    assert_eq!(offer.body["data"]["otpauth_uri"], uri.as_str());
    assert_eq!(totp("POST", json!({ "code": "000 00" })).await.fields(), ["code"]);
    assert_eq!(totp("POST", json!({ "code": code(&secret, api.clock.now()) })).await.status, 200);
    assert_eq!(totp("POST", json!({})).await.status, 409);

    let login = async |body: Value| {
        let mut whole = json!({ "username": "ada", "password": PASSWORD });
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        api.ask(&("x-nobody", String::new()), "POST", "/api/auth/login", Some(&whole)).await
    };
    api.clock.set(Timestamp(api.clock.now().0 + 30_000));
    let now = code(&secret, api.clock.now());
    let asked = login(json!({})).await;
    assert_eq!((asked.status.as_u16(), &asked.body["code"]), (401, &json!("unauthenticated")));
    assert_eq!(asked.fields(), ["totp"]);
    let wrong = login(json!({ "totp": "12345" })).await;
    assert_eq!((wrong.status.as_u16(), wrong.fields()), (401, vec!["totp"]));
    let guessed = login(json!({ "password": "wrong", "totp": now })).await;
    assert_eq!(
        (guessed.status.as_u16(), guessed.fields().len()),
        (401, 0),
        "nothing is said before the password is right"
    );
    assert_eq!(login(json!({ "totp": now })).await.status, 200);
    assert_eq!(login(json!({ "totp": now })).await.status, 401, "each code once");
    let who = ("authorization", basic("ada", PASSWORD));
    assert_eq!(api.ask(&who, "GET", "/api/auth/me", None).await.status, 401);

    // One more failure would lock the peer out.
    api.clock.set(Timestamp(api.clock.now().0 + 300_000));
    assert_eq!(totp("DELETE", json!({})).await.status, 400);
    assert_eq!(totp("DELETE", json!({ "password": "wrong" })).await.status, 403);
    assert_eq!(totp("DELETE", json!({ "password": PASSWORD })).await.status, 200);
    assert_eq!(login(json!({})).await.status, 200);
    let text = api.get("/api/audit-log").await.text;
    for action in ["user.totp_offer", "user.totp_on", "user.totp_off"] {
        assert!(text.contains(action), "{action}");
    }
    assert!(!text.contains(&secret));
}

#[tokio::test]
async fn an_admins_reset_takes_it_off() {
    let api = Api::empty();
    let ada = api.person("ada", Role::Viewer);
    let session = api.who(&ada, Way::Session, None);
    let offer = api.ask(&session, "POST", "/api/auth/totp", None).await;
    let code = code(offer.body["data"]["secret"].as_str().unwrap(), api.clock.now());
    assert_eq!(api.ask(&session, "POST", "/api/auth/totp", Some(&json!({ "code": code }))).await.status, 200);
    let reset = api.admin("POST", &format!("/api/users/{}/reset-password", ada.id.0)).await;
    let login = json!({ "username": "ada", "password": reset.body["data"]["temporary_password"] });
    assert_eq!(api.ask(&("x-nobody", String::new()), "POST", "/api/auth/login", Some(&login)).await.status, 200);
}
