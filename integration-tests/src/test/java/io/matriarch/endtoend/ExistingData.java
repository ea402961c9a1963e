package io.matriarch.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.lab.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A data directory as somebody had it before there was a cluster. */
final class ExistingData {
    private ExistingData() {}

    /** Makes it where the member looks for its data: a table, the accounts, a changed setting. */
    static void make(Lab lab, String member) throws Exception {
        String data = lab.directory().resolve(member).toString();
        String programs = lab.binaries().postgres().toString();
        run(
                lab,
                List.of(
                        programs + "/initdb",
                        "-D",
                        data,
                        "-U",
                        "postgres",
                        "-E",
                        "UTF8",
                        "--data-checksums",
                        "--no-sync",
                        "--auth=scram-sha-256",
                        "--pwfile=" + passwordFile(lab)));
        Files.writeString(
                Path.of(data, "postgresql.conf"),
                "\nwork_mem = '6MB'\nunix_socket_directories = ''\n",
                StandardOpenOption.APPEND);
        Path statements = lab.directory().resolve("existing.sql");
        Files.writeString(statements, statements(lab.password()));
        run(
                lab,
                List.of(
                        "/bin/sh",
                        "-c",
                        "exec \"$0\" --single -D \"$1\" postgres <\"$2\"",
                        programs + "/postgres",
                        data,
                        statements.toString()));
    }

    static String systemIdentifier(Lab lab, String member) throws Exception {
        Process control =
                new ProcessBuilder(
                                lab.binaries().postgres().resolve("pg_controldata").toString(),
                                lab.directory().resolve(member).toString())
                        .redirectErrorStream(true)
                        .start();
        String text = new String(control.getInputStream().readAllBytes());
        return text.lines()
                .filter(line -> line.startsWith("Database system identifier:"))
                .map(line -> line.replaceAll("\\D", ""))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(text));
    }

    private static Path passwordFile(Lab lab) throws Exception {
        return Files.writeString(lab.directory().resolve("existing.password"), lab.password());
    }

    private static void run(Lab lab, List<String> command) throws Exception {
        Process process = lab.startBeside(command, "existing.log");
        assertThat(process.waitFor()).as(() -> command + "; see existing.log").isZero();
    }

    /** One statement a line, as the server reads them in single-user mode. */
    private static String statements(String password) {
        return """
               create role replicator replication login password '%1$s'
               create role rewind_user login password '%1$s'
               grant execute on function pg_catalog.pg_ls_dir(text, boolean, boolean) to rewind_user
               grant execute on function pg_catalog.pg_stat_file(text, boolean) to rewind_user
               grant execute on function pg_catalog.pg_read_binary_file(text) to rewind_user
               grant execute on function pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) to rewind_user
               create table lesson (note text)
               insert into lesson values ('kept')
               """
                .formatted(password);
    }
}
