package io.matriarch.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * Looks at the leader's lease from outside, by etcd's JSON gateway. What a lost node costs is above
 * all what is left of its lease: products can only be compared at the same age of it.
 */
final class LeaseWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Lab lab;
    private final String key;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final ObjectMapper mapper = new ObjectMapper();

    LeaseWatch(Lab lab, String leaderKey) {
        this.lab = lab;
        this.key = leaderKey;
    }

    /** Whole seconds that are left of the lease, rounded down. */
    long secondsLeft() throws LabException, InterruptedException {
        ObjectNode range = mapper.createObjectNode();
        range.put("key", Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8)));
        JsonNode lease = ask("kv/range", range).at("/kvs/0/lease");
        if (lease.isMissingNode()) {
            throw new LabException("no lease is bound to " + key);
        }
        ObjectNode which = mapper.createObjectNode();
        which.put("ID", lease.asText());
        return ask("lease/timetolive", which).path("TTL").asLong();
    }

    private JsonNode ask(String what, ObjectNode question)
            throws LabException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(lab.etcdUrl().resolve("/v3/" + what))
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.ofString(question.toString()))
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new LabException("etcd answers " + answer.statusCode() + " to " + what);
            }
            return mapper.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new LabException("etcd's answer to " + what + " is no JSON", e);
        } catch (IOException e) {
            throw new LabException("etcd does not answer " + what + ": " + e.getMessage(), e);
        }
    }
}
