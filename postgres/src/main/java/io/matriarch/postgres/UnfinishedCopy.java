package io.matriarch.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows a data directory again whose filling was never finished, because the daemon or the machine
 * ended meanwhile.
 *
 * <p>The mark has two halves that carry one random number: a file beside the directory, which is on
 * disk before anything in the directory is touched, and a token inside, which is put there as soon
 * as there is something (pg_basebackup and initdb want to begin with an empty directory). Only both
 * together say that the directory is ours to remove: whoever puts other data there, by hand or by a
 * restore, has none of our tokens in it, and a token that a base backup carried to another member
 * has no file beside it. In doubt nothing is removed.
 *
 * <p>{@link #begin}, {@link #witness}, {@link #clear} and {@link #finished} run on the action lane;
 * the others on any thread.
 */
final class UnfinishedCopy {
    private static final Logger log = LoggerFactory.getLogger(UnfinishedCopy.class);

    /** What an interrupted copy has started bears the number in its environment. */
    private static final String VARIABLE = "MATRIARCH_UNFINISHED";

    /** The directory of one version of the catalog in a tablespace. */
    private static final Pattern VERSION_DIRECTORY = Pattern.compile("PG_[0-9.]+_[0-9]+");

    private static final Duration END_OF_COPIERS = Duration.ofSeconds(10);

    private final Instance instance;
    private Optional<Mark> current = Optional.empty();
    private boolean told;

    UnfinishedCopy(Instance instance) {
        this.instance = instance;
    }

    /** What is being made. */
    enum Work {
        COPY("a copy"),
        BOOTSTRAP("a new cluster");

        private final String text;

        Work(String text) {
            this.text = text;
        }

        private static Work of(String name) {
            return name.equals(BOOTSTRAP.name()) ? BOOTSTRAP : COPY;
        }
    }

    /**
     * @param work what is being made
     * @param number names the token
     * @param outside tablespace directories that were empty before the copy
     */
    private record Mark(Work work, String number, List<Path> outside) {
        static Optional<Mark> read(Path file) {
            try {
                if (Files.notExists(file)) {
                    return Optional.empty();
                }
                List<String> lines = Files.readAllLines(file);
                List<Path> outside = values(lines, "outside=").map(Path::of).toList();
                Work work = values(lines, "work=").findFirst().map(Work::of).orElse(Work.COPY);
                return values(lines, "number=").findFirst().map(n -> new Mark(work, n, outside));
            } catch (IOException e) {
                log.warn("{} cannot be read, so nothing is removed: {}", file, e.toString());
                return Optional.empty();
            }
        }

        private static Stream<String> values(List<String> lines, String key) {
            return lines.stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()));
        }

        String text(Path directory) {
            StringBuilder text = new StringBuilder("# Making ").append(work.text);
            text.append(" in ").append(directory);
            text.append(" is under way or was never finished.\n");
            text.append("# Remove this file if you have put other data there.\n");
            text.append("work=").append(work).append('\n');
            text.append("number=").append(number).append('\n');
            outside.forEach(path -> text.append("outside=").append(path).append('\n'));
            return text.toString();
        }
    }

    private Path file() {
        Path directory = instance.dataPath().toAbsolutePath();
        return directory.resolveSibling(directory.getFileName() + ".unfinished");
    }

    private Path token(Mark mark) {
        return instance.dataPath().resolve(DataDirectory.TOKEN + mark.number());
    }

    private Optional<Mark> recognised() {
        return Mark.read(file()).filter(mark -> Files.exists(token(mark)));
    }

    /** Whether what lies in the data directory is an unfinished copy of this member. */
    boolean leftBehind() {
        return recognised().isPresent();
    }

    /** Says once what was found when nothing is under way. */
    synchronized void tell() {
        boolean beside = Files.exists(file());
        if (told || !(beside || instance.directory().hasToken())) {
            return;
        }
        told = true;
        Optional<Mark> mark = recognised();
        if (mark.isPresent()) {
            log.warn(
                    "The data directory {} holds {} that was never finished: it is removed when the"
                            + " next one begins",
                    instance.dataPath(),
                    mark.get().work().text);
        } else if (!beside) {
            log.warn(
                    "{} bears the token of a copy that was never finished, but {} is not there, so"
                            + " nothing is removed; reinitialize this member if it does not start",
                    instance.dataPath(),
                    file());
        } else if (!instance.directory().empty()) {
            log.warn(
                    "{} tells of a copy that was never finished, but {} does not bear its token, so"
                            + " nothing is removed; reinitialize this member if it does not start,"
                            + " else remove that file",
                    file(),
                    instance.dataPath());
        }
    }

    /** Before anything is removed or written. Without a mark the copy is made all the same. */
    void begin(Work work) {
        Optional<Mark> before = recognised();
        mark(
                new Mark(
                        work,
                        before.map(Mark::number).orElseGet(() -> UUID.randomUUID().toString()),
                        before.map(Mark::outside).orElse(List.of())));
        witness();
    }

    /** What the copy will fill outside of the data directory; only what is empty now is noted. */
    void outside(List<Path> directories) {
        current.ifPresent(
                mark -> {
                    List<Path> vacant =
                            directories.stream()
                                    .filter(each -> new DataDirectory(each).vacant())
                                    .toList();
                    if (!vacant.isEmpty()) {
                        mark(new Mark(mark.work(), mark.number(), vacant));
                    }
                });
    }

    private void mark(Mark mark) {
        try {
            instance.files().createDirectory(file().getParent());
            instance.files().writePrivate(file(), mark.text(instance.dataPath()));
            sync(file().getParent());
            current = Optional.of(mark);
        } catch (IOException e) {
            current = Optional.empty();
            log.warn(
                    "{} cannot be written: if the daemon ends during this copy, its rest will not"
                            + " be known and this member will have to be reinitialized: {}",
                    file(),
                    e.toString());
        }
    }

    /** For the processes that make the copy. */
    Map<String, String> environment() {
        return current.map(mark -> Map.of(VARIABLE, mark.number())).orElse(Map.of());
    }

    /** Called again and again while the copy is made: puts the token into what has begun. */
    void witness() {
        if (current.isEmpty()
                || Files.exists(token(current.get()))
                || instance.directory().empty()) {
            return;
        }
        try {
            instance.files().write(token(current.get()), "");
            sync(instance.dataPath());
        } catch (FileAlreadyExistsException e) {
            log.debug("the token is just being written by the copy itself", e);
        } catch (IOException e) {
            log.debug("the token cannot be written yet: {}", e.toString());
        }
    }

    /**
     * Removes whatever lies in the data directory, what an interrupted copy left in tablespaces,
     * and the processes that may still fill them. The token goes last.
     */
    void clear() throws IOException {
        Optional<Mark> mark = recognised();
        if (mark.isPresent()) {
            endCopiers(mark.get());
            for (Path directory : mark.get().outside()) {
                for (Path version : versions(directory)) {
                    log.info("Removing {} of an unfinished copy", version);
                    DataDirectory.deleteTree(version);
                }
            }
        }
        if (!instance.directory().empty()) {
            instance.directory().remove();
        }
    }

    private static List<Path> versions(Path tablespace) throws IOException {
        if (!Files.isDirectory(tablespace)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(tablespace)) {
            return entries.filter(
                            entry ->
                                    VERSION_DIRECTORY
                                            .matcher(entry.getFileName().toString())
                                            .matches())
                    .toList();
        }
    }

    /** pg_basebackup outlives a killed daemon and would go on writing. */
    private void endCopiers(Mark mark) throws IOException {
        Cancellation wait = new Cancellation();
        long end = System.nanoTime() + END_OF_COPIERS.toNanos();
        String sign = VARIABLE + "=" + mark.number();
        while (true) {
            List<ServerProcess> copiers =
                    ProcFs.all().stream()
                            .filter(pid -> ProcFs.environment(pid).contains(sign))
                            .flatMap(pid -> ServerProcess.of(pid).stream())
                            .toList();
            if (copiers.isEmpty()) {
                return;
            }
            if (System.nanoTime() > end || !wait.tick()) {
                throw new IOException(
                        "process "
                                + copiers.get(0).pid()
                                + " of an interrupted copy does not end although killed");
            }
            copiers.forEach(ServerProcess::kill);
        }
    }

    /** The directory is whole, or nothing of it is left. The token goes first. */
    void finished() throws IOException {
        if (Files.isDirectory(instance.dataPath())) {
            instance.directory().removeTokens();
            sync(instance.dataPath());
        }
        if (Files.deleteIfExists(file())) {
            sync(file().getParent());
        }
        current = Optional.empty();
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
