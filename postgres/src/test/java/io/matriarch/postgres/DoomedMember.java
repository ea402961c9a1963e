package io.matriarch.postgres;

import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.Upstream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A member in a Java machine of its own, so that it can be killed in the middle of its work. */
final class DoomedMember {
    private DoomedMember() {}

    static Process bootstraps(Path base, String name, String postBootstrap) throws IOException {
        return start(List.of(base.toString(), name, "", postBootstrap));
    }

    static Process copies(Path base, String name, Node source, List<String> options)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(base.toString(), name, source.url(), ""));
        arguments.addAll(options);
        return start(arguments);
    }

    private static Process start(List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        words.add(DoomedMember.class.getName());
        words.addAll(arguments);
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(new File(arguments.get(0), arguments.get(1) + ".out"))
                .start();
    }

    /** The directory, the name, the source's URL, post_bootstrap, options of pg_basebackup. */
    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        Node node = new Node(Path.of(words.get(0)), words.get(1));
        String url = words.get(2);
        node.postBootstrap = Optional.of(words.get(3)).filter(command -> !command.isEmpty());
        node.copyOptions = words.subList(4, words.size());
        node.useSlots = false;
        node.postgres.close();
        node.open();
        System.out.println(
                node.run(
                        url.isEmpty()
                                ? new PostgresAction.Bootstrap()
                                : new PostgresAction.Clone(
                                        Node.member("a", url, Role.PRIMARY),
                                        true,
                                        new Upstream("a", url))));
        System.exit(0);
    }
}
