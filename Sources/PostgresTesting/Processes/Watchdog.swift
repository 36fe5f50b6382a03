import Glibc

/// A shell that waits for the end of its owner, then ends the server and removes its directory.
///
/// It holds the read end of a pipe whose write end only this object has. The kernel closes that end when the object
/// goes, and also when the owner is killed. PR_SET_PDEATHSIG would not do: it follows the thread that forked.
actor Watchdog {
    private let process: ChildProcess
    private var writeEnd: Int32?

    /// Starts the watch; if that fails, removes the directory, in which there is no server yet.
    static func start(over directory: ServerDirectory) async throws(PostgresServerError) -> Watchdog {
        do throws(PostgresServerError) {
            let pipe = try Pipe()
            defer { close(pipe.readEnd) }
            let command = ["/bin/sh", "-c", script, "postgres-testing-watchdog", directory.path]
            do throws(PostgresServerError) {
                let process = try await ChildProcess.start(ProcessLaunch(command, input: pipe.readEnd))
                return Watchdog(process: process, writeEnd: pipe.writeEnd)
            } catch {
                close(pipe.writeEnd)
                throw error
            }
        } catch {
            directory.removeEmpty()
            throw error
        }
    }

    private init(process: ChildProcess, writeEnd: Int32) {
        self.process = process
        self.writeEnd = writeEnd
    }

    /// Does not block: the shell goes on by itself.
    deinit {
        if let writeEnd { close(writeEnd) }
    }

    /// Ends the server as the owner's end would, and returns when its directory is gone.
    func finish() async {
        if let writeEnd { close(writeEnd) }
        writeEnd = nil
        _ = await process.exitStatus()
    }

    // Servers are found by their working directory, as in ServerProcesses: that works without a postmaster.pid and
    // while initdb runs. They get an immediate shutdown first, because a killed postmaster leaves its shared memory
    // segment behind; ten seconds later, whatever is left is killed. Line 7 of a postmaster.pid that nobody removed
    // names the segment. Whoever started a server just before the owner died is caught by the next round.
    private static let script = #"""
        trap '' INT HUP TERM
        directory=$1
        while read -r line; do :; done
        servers() {
            find /proc -maxdepth 2 -path '/proc/[0-9]*/cwd' \
                \( -lname "$directory/data" -o -lname "$directory/data (deleted)" \) 2>/dev/null
        }
        signal() {
            for process in $(servers); do
                process=${process%/cwd}
                kill "-$1" "${process#/proc/}"
            done
        }
        for round in 1 2 3 4 5; do
            if [ -n "$(servers)" ]; then
                signal CONT
                signal QUIT
            fi
            waits=0
            while [ -n "$(servers)" ]; do
                waits=$((waits + 1))
                [ $waits -lt 200 ] || signal KILL
                [ $waits -lt 400 ] || break
                sleep 0.05
            done
            segment=$(sed -n '7s/.* //p' "$directory/data/postmaster.pid")
            [ -z "$segment" ] || ipcrm -m "$segment"
            rm -rf "$directory"
            [ -e "$directory" ] || [ -n "$(servers)" ] || exit 0
        done
        exit 1
        """#
}
