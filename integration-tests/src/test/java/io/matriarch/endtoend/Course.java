package io.matriarch.endtoend;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.matriarch.lab.Binaries;
import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabMember;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.MemberFile;
import io.matriarch.lab.MemberWriter;
import io.matriarch.lab.ToolRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * One cluster for all steps of a test class, with writers at every member. Before each step the
 * cluster is whole; after each step no two members took writes at one time. A failure carries the
 * last lines of each member's log.
 */
final class Course
        implements BeforeAllCallback,
                AfterAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                TestExecutionExceptionHandler {
    static final String CLUSTER = MemberFile.SCOPE;
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LabPlan plan;
    private final Opening opening;
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Writers writers = new Writers();
    private Lab lab;

    /** How the cluster comes to be. */
    @FunctionalInterface
    interface Opening {
        void open(Lab lab) throws Exception;
    }

    /**
     * @param code of HTTP
     */
    record Answer(int code, String body) {}

    Course(LabPlan plan, Opening opening) {
        this.plan = plan.customized((name, yaml) -> quiet(plan.customize().apply(name, yaml)));
        this.opening = opening;
    }

    /** Standbys refuse the writers all the time: what a server logs of that would hide the rest. */
    private static String quiet(String yaml) {
        return yaml.replace(
                "    unix_socket_directories: ''\n",
                "    unix_socket_directories: ''\n    log_min_messages: log\n");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        try {
            Binaries.find();
        } catch (LabException e) {
            Assumptions.abort(e.getMessage());
        }
        lab = Lab.prepare(plan, home());
        try {
            opening.open(lab);
            lab.awaitWhole(PATIENCE);
            writers.start(lab, lab.member(leader()));
        } catch (Exception e) {
            throw withLogs(e);
        }
    }

    private static Path home() {
        Path home =
                Path.of(System.getProperty("matriarch.home", "../distribution/target/matriarch"))
                        .toAbsolutePath()
                        .normalize();
        if (!Files.isExecutable(home.resolve("bin/matriarch"))) {
            throw new IllegalStateException("no distribution in " + home + "; make it: dev/build");
        }
        return home;
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        writers.end();
        if (lab != null) {
            lab.close();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        lab.awaitWhole(PATIENCE);
        writers.span();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        writers.assertNeverTwo();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        throw withLogs(failure);
    }

    private <T extends Throwable> T withLogs(T failure) {
        failure.addSuppressed(
                new IllegalStateException("the members' logs end so:\n" + lab.logs()));
        return failure;
    }

    Lab lab() {
        return lab;
    }

    Writers writers() {
        return writers;
    }

    List<String> names() {
        return lab.members().stream().map(LabMember::name).toList();
    }

    /** Who leads now, in a cluster that has a leader. */
    String leader() throws Exception {
        return lab.await("a leader", PATIENCE, p -> p.leader().isPresent()).leader().orElseThrow();
    }

    /** The members that do not lead, in order of their names. */
    List<String> replicas() throws Exception {
        String leader = leader();
        return names().stream().filter(name -> !name.equals(leader)).toList();
    }

    int timeline() throws Exception {
        return Integer.parseInt(row(leader()).timeline());
    }

    ClusterPicture.Row row(String member) throws InterruptedException {
        return lab.picture().rows().stream()
                .filter(row -> row.name().equals(member))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until this member leads a whole cluster and takes writes. */
    void awaitLeader(String member) throws Exception {
        awaitPicture(
                member + " leading the others",
                p -> lab.isWhole(p) && p.leader().filter(member::equals).isPresent());
        writers.awaitRow(member);
    }

    void awaitPicture(String what, Predicate<ClusterPicture> wanted) throws Exception {
        lab.await(what, PATIENCE, wanted);
    }

    void await50(String what, Callable<Boolean> wanted) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(wanted);
    }

    ToolRun tool(String input, String... arguments) throws Exception {
        return lab.tool(input, arguments);
    }

    /** What {@code matriarchctl list} tells programs. */
    JsonNode list() throws Exception {
        return mapper.readTree(tool("", "list", CLUSTER, "-f", "json").output());
    }

    Answer get(String member, String path) throws Exception {
        return send(member, path, "GET", HttpRequest.BodyPublishers.noBody());
    }

    Answer post(String member, String path, String body) throws Exception {
        return send(member, path, "POST", HttpRequest.BodyPublishers.ofString(body));
    }

    private Answer send(String member, String path, String method, HttpRequest.BodyPublisher body)
            throws Exception {
        int port = lab.member(member).publicRestPort();
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(PATIENCE)
                                .method(method, body)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    JsonNode cluster() throws Exception {
        return mapper.readTree(get(leader(), "/cluster").body());
    }

    JsonNode status(String member) throws Exception {
        return mapper.readTree(get(member, "/patroni").body());
    }

    /** The first value that a query of the superuser yields. */
    String ask(String member, String query) throws Exception {
        try (Connection connection = connect(member);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    void command(String member, String sql) throws Exception {
        try (Connection connection = connect(member);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect(String member) throws SQLException, LabException {
        return MemberWriter.connect(lab.member(member).publicPostgresPort(), lab.password());
    }

    /** Ends the daemon as its service would, and waits for its end. */
    void stopService(String member) throws InterruptedException {
        lab.daemon(member).destroy();
        lab.daemon(member).waitFor();
    }

    /** Changes a member's file and makes the member read it again. */
    void edit(String member, UnaryOperator<String> change) throws Exception {
        Path file = lab.directory().resolve(member + ".yml");
        String before = Files.readString(file);
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IOException("nothing to change in " + file);
        }
        Files.writeString(file, after);
        ToolRun run = tool("", "reload", CLUSTER, member, "--force");
        if (run.code() != 0) {
            throw new IOException("reload: " + run.output());
        }
    }
}
