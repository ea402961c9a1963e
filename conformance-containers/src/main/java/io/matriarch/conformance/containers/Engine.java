package io.matriarch.conformance.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * One container, which lives from {@link #run} to {@link #remove}, through any number of kills. Its
 * port is chosen here and not by the engine, which would choose another one at each start.
 */
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** {@code host}: the container shares the machine's network, for engines without one. */
    private static final String NETWORK = "conformance.containers.network";

    private static final String HOST = "host";
    private static final int END_SECONDS = 30;

    private final GenericContainer<?> container;
    private final Place place;

    private Engine(GenericContainer<?> container, Place place) {
        this.container = container;
        this.place = place;
    }

    /** Why this cannot be run here; empty if it can. Fetches the image if it is not here yet. */
    static Optional<String> obstacle(StoreImage what) {
        if (what.image().isEmpty()) {
            return Optional.of(
                    "no image of the store is named: -Dconformance.image.NAME=IMAGE runs it in a"
                            + " container");
        }
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.of("no container engine answers: start Docker, or set DOCKER_HOST");
        }
        String image = what.image().get();
        try {
            new RemoteDockerImage(DockerImageName.parse(image)).get();
            return Optional.empty();
        } catch (ContainerFetchException e) {
            LOG.info("image {}", image, e);
            return Optional.of("the container engine has no image " + image + " and gets none");
        }
    }

    static Engine run(StoreImage what) {
        boolean hosted = HOST.equals(System.getProperty(NETWORK));
        Place place = Place.free(hosted ? "127.0.0.1" : "0.0.0.0");
        List<String> command = what.command().apply(place);
        GenericContainer<?> container =
                new GenericContainer<>(DockerImageName.parse(what.image().orElseThrow()))
                        .withCreateContainerCmdModifier(
                                asked -> configure(asked.withEntrypoint(command), place, hosted))
                        .waitingFor(new WhoeverCallsIt());
        if (hosted) {
            container.withNetworkMode(HOST);
        }
        container.start();
        return new Engine(container, place);
    }

    private static void configure(CreateContainerCmd asked, Place place, boolean hosted) {
        if (hosted) {
            return;
        }
        ExposedPort port = ExposedPort.tcp(place.port());
        HostConfig host = Objects.requireNonNull(asked.getHostConfig());
        asked.withExposedPorts(port)
                .withHostConfig(
                        host.withPortBindings(
                                new PortBinding(
                                        Ports.Binding.bindIpAndPort("127.0.0.1", place.port()),
                                        port)));
    }

    Place place() {
        return place;
    }

    private DockerClient client() {
        return container.getDockerClient();
    }

    /** Returns when its process has ended; what it wrote stays. */
    void kill() {
        client().killContainerCmd(container.getContainerId()).exec();
        client().waitContainerCmd(container.getContainerId())
                .exec(new WaitContainerResultCallback())
                .awaitStatusCode(END_SECONDS, TimeUnit.SECONDS);
    }

    void start() {
        client().startContainerCmd(container.getContainerId()).exec();
    }

    void pause() {
        client().pauseContainerCmd(container.getContainerId()).exec();
    }

    void unpause() {
        client().unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** With all that it wrote. */
    void remove() {
        container.stop();
    }

    /** What it said last, for messages. */
    String logs() {
        return container.getLogs();
    }

    /** Only the plug-in knows when its store answers. */
    private static final class WhoeverCallsIt extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }
}
