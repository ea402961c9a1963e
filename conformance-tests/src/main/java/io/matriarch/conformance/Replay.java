package io.matriarch.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The command that plays one history again. */
final class Replay {
    private Replay() {}

    /** For Maven, which runs tests in the folder of their module. */
    static String command(Class<?> testClass, long seed) {
        Path module = Path.of("").toAbsolutePath();
        Path parent = module.resolveSibling("pom.xml");
        String where =
                Files.exists(parent)
                        ? "-pl "
                                + module.getFileName()
                                + " -am -Dsurefire.failIfNoSpecifiedTests=false "
                        : "";
        return "mvn test "
                + where
                + tags(System.getProperties())
                + "-Dtest="
                + testClass.getSimpleName()
                + "#*_histories* -Dconformance.seed="
                + seed
                + " -Dconformance.histories=1";
    }

    /** Which tags were left out may decide whether the class runs at all. */
    private static String tags(Properties given) {
        String excluded = given.getProperty("tests.excluded", "");
        return excluded.isEmpty() ? "" : "-Dtests.excluded=" + excluded + " ";
    }
}
