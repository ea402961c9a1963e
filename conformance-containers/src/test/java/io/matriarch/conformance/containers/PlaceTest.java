package io.matriarch.conformance.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where servers in containers listen, without an engine. */
class PlaceTest {
    @Test
    void portsAreFreeAndDifferent() {
        Place place = Place.free("0.0.0.0");
        assertThat(place.listen()).isEqualTo("0.0.0.0:" + place.port());
        assertThat(place.reached()).isEqualTo("127.0.0.1:" + place.port());
        assertThat(place.others()).hasSize(4).doesNotContain(place.port());
        assertThat(new HashSet<>(place.others())).hasSize(4);
    }

    @Test
    void serversListenWhereTheyAreTold() {
        Place place = new Place("0.0.0.0", 7000, List.of(7001, 7002, 7003, 7004));
        assertThat(StoreImage.etcd().command().apply(place))
                .startsWith("etcd")
                .contains(
                        "--listen-client-urls=http://0.0.0.0:7000",
                        "--advertise-client-urls=http://127.0.0.1:7000",
                        "--listen-peer-urls=http://127.0.0.1:7001");
        assertThat(StoreImage.consul().command().apply(place))
                .startsWith("consul", "agent")
                .contains("-client=0.0.0.0", "-http-port=7000", "-server-port=7001");
    }
}
