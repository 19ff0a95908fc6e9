//! How many datagrams the kernel threw away because a socket's buffer was full: the last column of `/proc/net/udp`
//! and `/proc/net/udp6` (proc(5)), in the row of the socket.

use std::fs;
use std::os::fd::{AsRawFd, RawFd};

/// Reads the count of one socket.
#[derive(Debug)]
pub struct KernelDrops {
    inode: Option<String>,
}

impl KernelDrops {
    /// Of a UDP socket of this process.
    pub fn of(socket: &impl AsRawFd) -> KernelDrops {
        KernelDrops { inode: inode(socket.as_raw_fd()) }
    }

    /// Datagrams thrown away since the socket was opened; `None` where the kernel does not say.
    pub fn count(&self) -> Option<u64> {
        let inode = self.inode.as_deref()?;
        ["/proc/net/udp", "/proc/net/udp6"].iter().find_map(|table| {
            let table = fs::read_to_string(table).ok()?;
            table.lines().skip(1).find_map(|row| drops(row, inode))
        })
    }
}

/// `/proc/self/fd/N` leads to `socket:[INODE]`.
fn inode(socket: RawFd) -> Option<String> {
    let target = fs::read_link(format!("/proc/self/fd/{socket}")).ok()?;
    Some(target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
}

fn drops(row: &str, inode: &str) -> Option<u64> {
    let mut columns = row.split_ascii_whitespace();
    (columns.nth(9)? == inode).then(|| columns.next_back()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, UdpSocket};

    #[test]
    fn what_a_full_buffer_loses_is_counted() {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket2::SockRef::from(&socket).set_recv_buffer_size(2048).unwrap();
        let drops = KernelDrops::of(&socket);
        assert_eq!(drops.count(), Some(0));
        let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        for _ in 0..100 {
            sender.send_to(&[b'x'; 1000], socket.local_addr().unwrap()).unwrap();
        }
        let mut read = 0;
        socket.set_nonblocking(true).unwrap();
        while socket.recv(&mut [0; 2000]).is_ok() {
            read += 1;
        }
        assert!(read < 100);
        assert_eq!(drops.count(), Some(100 - read));
    }
}
