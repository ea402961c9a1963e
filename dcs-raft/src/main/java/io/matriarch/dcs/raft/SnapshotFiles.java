package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.machine.Machine;
import io.matriarch.dcs.raft.machine.SnapshotCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * The snapshots on this member's disk. A member without its snapshot knows nothing of what the log
 * no longer holds, but would vote and lead all the same; so one that cannot be read, or is missing,
 * is an exception, and never an empty state.
 */
final class SnapshotFiles {
    /** A state, and the entry of the log that it follows. */
    record Saved(Machine machine, TermIndex last) {}

    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");
    private static final String UNFINISHED = ".tmp";

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private RaftStorage member;

    /** Where the library finds them. */
    SimpleStateMachineStorage storage() {
        return storage;
    }

    /**
     * The latest one as the member starts; empty if none was made yet.
     *
     * @throws IOException if it cannot be used, or the log does not go on where it ends
     */
    Optional<Saved> open(RaftStorage opened) throws IOException {
        member = opened;
        storage.init(opened);
        removeUnfinished();
        Optional<Saved> latest = load();
        checkLog(latest.map(saved -> saved.last().getIndex()).orElse(-1L));
        return latest;
    }

    /**
     * The latest one; empty if none was made yet.
     *
     * @throws IOException if it cannot be used
     */
    Optional<Saved> load() throws IOException {
        Optional<SingleFileSnapshotInfo> latest = Optional.ofNullable(storage.loadLatestSnapshot());
        if (latest.isEmpty()) {
            checkNone();
            return Optional.empty();
        }
        FileInfo file = latest.get().getFile();
        byte[] state = Files.readAllBytes(file.getPath());
        Optional<MD5Hash> noted = Optional.ofNullable(file.getFileDigest());
        if (noted.isPresent() && !noted.get().equals(checksum(state))) {
            throw unusable("the snapshot " + file.getPath() + " is damaged (wrong checksum)");
        }
        return Optional.of(new Saved(decoded(file.getPath(), state), latest.get().getTermIndex()));
    }

    private Machine decoded(Path file, byte[] state) throws IOException {
        try {
            return SnapshotCodec.decode(state);
        } catch (IllegalArgumentException e) {
            throw unusable("the snapshot " + file + " cannot be read (" + e.getMessage() + ")");
        }
    }

    /** The library says "none" also if it could not read what is there. */
    private void checkNone() throws IOException {
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.anyMatch(SnapshotFiles::isSnapshot)) {
                throw unusable("a snapshot in " + folder + " or its checksum is damaged");
            }
        }
    }

    private static boolean isSnapshot(Path file) {
        String name = file.getFileName().toString();
        return SimpleStateMachineStorage.SNAPSHOT_REGEX.matcher(name).matches();
    }

    /** What a member that was killed left. */
    private void removeUnfinished() throws IOException {
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(SnapshotFiles::isUnfinished).toList()) {
                Files.delete(file);
            }
        }
    }

    private static boolean isUnfinished(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("snapshot.") && name.endsWith(UNFINISHED);
    }

    private void checkLog(long covered) throws IOException {
        try (Stream<Path> files = Files.list(member.getStorageDir().getCurrentDir().toPath())) {
            OptionalLong first = files.flatMapToLong(SnapshotFiles::firstEntry).min();
            if (first.isPresent() && first.getAsLong() > covered + 1) {
                throw unusable(
                        "a snapshot is missing in "
                                + folder()
                                + ": the log begins with entry "
                                + first.getAsLong());
            }
        }
    }

    private static LongStream firstEntry(Path file) {
        Matcher segment = SEGMENT.matcher(file.getFileName().toString());
        return segment.matches()
                ? LongStream.of(Long.parseLong(segment.group(1)))
                : LongStream.empty();
    }

    private IOException unusable(String what) {
        return new IOException(
                what
                        + "; empty "
                        + member.getStorageDir().getRoot().getParent()
                        + ", and the other members fill it again");
    }

    private Path folder() {
        return member.getStorageDir().getStateMachineDir().toPath();
    }

    private static MD5Hash checksum(byte[] state) {
        return MD5Hash.newInstance(MD5FileUtil.newMD5().digest(state));
    }

    /** It is complete and on disk, and so is its checksum, before it has its name. */
    void save(TermIndex last, byte[] state) throws IOException {
        Path file = storage.getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        MD5Hash checksum = checksum(state);
        try {
            write(unfinished, state);
            MD5FileUtil.saveMD5File(file.toFile(), checksum);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            // The next one has another name, and a full disk would never be emptied.
            Files.deleteIfExists(unfinished);
        }
        try (FileChannel folder = FileChannel.open(file.getParent())) {
            folder.force(true);
        }
        storage.updateLatestSnapshot(
                new SingleFileSnapshotInfo(new FileInfo(file, checksum), last));
    }

    private static void write(Path file, byte[] state) throws IOException {
        try (FileChannel out =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(state);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }
}
