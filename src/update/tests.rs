use super::*;
use crate::model::FixedClock;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Answers every connection with `answer`, and counts them.
fn serve(answer: impl Into<Vec<u8>>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/feed.json", listener.local_addr().unwrap());
    let (asked, answer) = (Arc::new(AtomicUsize::new(0)), answer.into());
    let counted = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let _ = connection.read(&mut [0; 4096]);
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = connection.write_all(&answer);
        }
    });
    (url, asked)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[test]
fn newer_is_by_semantic_versioning() {
    for (released, running, newer) in [
        ("1.2.3", "1.2.2", true),
        ("v1.2.3", "1.2.2", true),
        ("1.10.0", "1.9.9", true),
        ("1.2.3", "1.2.3", false),
        ("1.2.3+build.7", "1.2.3", false),
        ("1.2.3-rc.1", "1.2.3", false),
        ("1.2.3", "1.2.3-rc.1", true),
        ("0.9.0", "1.0.0", false),
    ] {
        let release = Release::read(&format!(r#"{{"version":"{released}"}}"#)).unwrap();
        let known = Known { release, checked_at: Timestamp(0) };
        assert_eq!(known.is_newer_than(running), newer, "{released} over {running}");
    }
}

#[test]
fn an_answer_is_kept_for_a_day_and_a_failure_for_a_quarter_of_an_hour() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_000_000)));
    let (url, asked) = serve(ok(r#"{"version":"9.0.0","url":"https://a.example/9","notes":"all new"}"#));
    let updates = Updates::new(Some(url), clock.clone());
    assert_eq!(updates.known(), None);
    let first = updates.check().unwrap();
    assert_eq!(first.release.url.as_deref(), Some("https://a.example/9"));
    assert_eq!((first.release.notes.as_deref(), first.checked_at), (Some("all new"), Timestamp(1_000_000)));
    for (later, want) in [(Updates::KEPT_MS - 1, 1), (Updates::KEPT_MS, 2)] {
        clock.set(Timestamp(1_000_000 + later));
        updates.check();
        assert_eq!(asked.load(Ordering::SeqCst), want, "{later} ms later");
    }
    let (broken, asked) = serve("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    updates.ask_at(Some(broken));
    let now = clock.now().0;
    for (later, want) in [(0, 1), (Updates::BACK_OFF_MS - 1, 1), (Updates::BACK_OFF_MS, 2)] {
        clock.set(Timestamp(now + later));
        assert_eq!(updates.check(), None);
        assert_eq!(asked.load(Ordering::SeqCst), want, "{later} ms later");
    }
    updates.ask_at(None);
    assert_eq!(updates.check(), None);
}

#[test]
fn what_is_not_a_release_is_refused_with_its_mend() {
    let too_large = ok(&format!(r#"{{"version":"9.0.0","notes":"{}"}}"#, "x".repeat(feed::MOST_BYTES as usize)));
    for (answer, want) in [
        (ok("<html>"), "not JSON"),
        (ok(r#"{"version":"newest"}"#), "version in the answer is none"),
        (ok(r#"{"url":"https://a.example/"}"#), "missing field `version`"),
        (too_large, "larger than 65536 bytes"),
        ("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(), "status 404"),
        (
            "HTTP/1.1 302 There\r\nLocation: https://other.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .to_owned(),
            "redirect (302)",
        ),
    ] {
        let (url, asked) = serve(answer);
        let cause = feed::fetch(&url).unwrap_err().to_string();
        assert!(cause.contains(want), "{want}: {cause}");
        assert_eq!(asked.load(Ordering::SeqCst), 1, "{want}: asked again");
    }
}

#[test]
fn links_are_of_the_web_and_notes_have_an_end() {
    let read = |text: String| Release::read(&text).unwrap();
    let script = read(r#"{"version":"1.0.0","url":"javascript:alert(1)","other":[1]}"#.to_owned());
    assert_eq!((script.url, script.notes), (None, None));
    let long = read(format!(r#"{{"version":"1.0.0","notes":"{}"}}"#, "é".repeat(20_000)));
    assert_eq!(long.notes.unwrap().chars().count(), 10_000);
}
