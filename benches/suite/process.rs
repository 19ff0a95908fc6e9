//! Child processes: what one took (wall, CPU, memory), and servers that are told to end. The only file that calls the
//! system directly, since the standard library doesn't say what a child used.

#![allow(unsafe_code)] // wait4, kill and statvfs

use anyhow::{Context, bail};
use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// Wall time, in seconds.
    pub wall_s: f64,
    /// User and system time of all its threads, in seconds.
    pub cpu_s: f64,
    /// The most memory it held at once, in bytes. Linux counts what its parent held before `exec`, too.
    pub peak_bytes: u64,
}

/// Runs a command to its end; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> anyhow::Result<Usage> {
    let started = Instant::now();
    let child = command.spawn().with_context(|| format!("{:?}", command.get_program()))?;
    let (status, usage) = wait(&child)?;
    let wall_s = started.elapsed().as_secs_f64();
    if !(libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0) {
        bail!("{command:?} failed (wait status {status:#x})");
    }
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    Ok(Usage {
        wall_s,
        cpu_s: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        peak_bytes: usage.ru_maxrss.unsigned_abs() * 1024,
    })
}

fn wait(child: &Child) -> io::Result<(i32, libc::rusage)> {
    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    loop {
        let mut status = 0;
        // SAFETY: all zeros is a valid rusage; wait4 writes to both places and keeps neither.
        let (waited, usage) = unsafe {
            let mut usage = std::mem::zeroed::<libc::rusage>();
            (libc::wait4(pid, &raw mut status, 0, &raw mut usage), usage)
        };
        if waited == pid {
            return Ok((status, usage));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// A child that is ended when this is dropped: SIGTERM to its pid, SIGKILL where that is not heard.
#[derive(Debug)]
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(pid) = libc::pid_t::try_from(self.0.id()) {
            // SAFETY: takes two numbers; the child was not waited for, so that the pid is still its own.
            unsafe { libc::kill(pid, libc::SIGTERM) };
        }
        let patience = Instant::now() + Duration::from_secs(10);
        while Instant::now() < patience {
            if matches!(self.0.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Bytes that may still be written to the file system of `path`.
pub fn free_bytes(path: &Path) -> anyhow::Result<u64> {
    let name = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: all zeros is a valid statvfs; the name ends in a zero byte and both outlive the call.
    let (done, found) = unsafe {
        let mut found = std::mem::zeroed::<libc::statvfs>();
        (libc::statvfs(name.as_ptr(), &raw mut found), found)
    };
    if done != 0 {
        return Err(io::Error::last_os_error()).with_context(|| path.display().to_string());
    }
    Ok(found.f_bavail * found.f_frsize)
}
