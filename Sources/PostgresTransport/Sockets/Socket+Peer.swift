import CSystemIO
import Glibc

extension Socket {
    /// The user that the process at the other end of a Unix-domain socket runs as; nil where the system cannot tell.
    package var peerUserName: String? {
        let user = csystemio_peer_user(descriptor)
        guard let user = UInt32(exactly: user) else { return nil }
        var entry = unsafe passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard unsafe getpwuid_r(user, &entry, &buffer, buffer.count, &result) == 0, unsafe result != nil else {
            return nil
        }
        return unsafe String(cString: entry.pw_name)
    }
}
