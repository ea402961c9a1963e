package io.matriarch.conformance.containers;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What runs in the container.
 *
 * @param image as the engine knows it, or can pull it; if empty, no test is run
 * @param command the program and its arguments; they replace those of the image, and the program
 *     stays in the foreground
 */
public record StoreImage(Optional<String> image, Function<Place, List<String>> command) {
    private static final String PROPERTY = "conformance.image.";

    public StoreImage(String image, Function<Place, List<String>> command) {
        this(Optional.of(image), command);
    }

    /**
     * The image that the system property {@code conformance.image.NAME} names, if it is set.
     *
     * @param name of the store
     */
    public static StoreImage named(String name, Function<Place, List<String>> command) {
        return new StoreImage(
                Optional.ofNullable(System.getProperty(PROPERTY + name))
                        .filter(image -> !image.isBlank()),
                command);
    }

    /** One etcd, from an image that has {@code etcd} on its path. */
    public static StoreImage etcd() {
        return named(
                "etcd",
                place ->
                        List.of(
                                "etcd",
                                "--data-dir=/etcd-data",
                                "--listen-client-urls=http://" + place.listen(),
                                "--advertise-client-urls=http://" + place.reached(),
                                "--listen-peer-urls=" + peer(place),
                                "--initial-advertise-peer-urls=" + peer(place),
                                "--initial-cluster=default=" + peer(place)));
    }

    private static String peer(Place place) {
        return "http://127.0.0.1:" + place.others().get(0);
    }

    /**
     * One Consul server, which grants short sessions too, from an image that has {@code consul} on
     * its path.
     */
    public static StoreImage consul() {
        return named(
                "consul",
                place ->
                        List.of(
                                "consul",
                                "agent",
                                "-server",
                                "-bootstrap-expect=1",
                                "-data-dir=/consul-data",
                                "-bind=127.0.0.1",
                                "-client=" + place.address(),
                                "-http-port=" + place.port(),
                                "-server-port=" + place.others().get(0),
                                "-serf-lan-port=" + place.others().get(1),
                                "-serf-wan-port=-1",
                                "-dns-port=-1",
                                "-grpc-port=-1",
                                "-grpc-tls-port=" + place.others().get(2),
                                "-hcl=disable_update_check = true",
                                "-hcl=session_ttl_min = \"500ms\"",
                                "-hcl=performance { raft_multiplier = 1 }"));
    }
}
