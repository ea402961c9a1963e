package io.matriarch.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/** The built distribution that is under test. */
final class Product {
    private Product() {}

    /** Its folder; the test is skipped if it was not built. */
    static Path home() {
        Path home =
                Path.of(System.getProperty("matriarch.home", "../distribution/target/matriarch"))
                        .toAbsolutePath()
                        .normalize();
        assumeTrue(
                Files.isExecutable(home.resolve("bin").resolve("matriarch"))
                        || Files.isReadable(home.resolve("bin").resolve("matriarch")),
                "the distribution is not built; run dev/build");
        return home;
    }

    /** A lab of it; the test is skipped, with the reason, if a server's program is missing. */
    static Lab lab(LabPlan plan) {
        Path home = home();
        try {
            return Lab.prepare(plan, home);
        } catch (LabException e) {
            throw new TestAbortedException(e.getMessage(), e);
        }
    }
}
