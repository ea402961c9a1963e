package io.matriarch.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks members through their REST API, as any operator's script would. */
public final class MemberRest {
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration SWITCHOVER = Duration.ofSeconds(60);

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(LOOK).build();

    /** The cluster as this member sees it; empty if it does not answer. */
    public Optional<ClusterPicture> cluster(LabMember member) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri(member, "cluster")).timeout(LOOK).GET().build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(read(answer.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // not up, or cut off: the caller asks another one
        }
    }

    /** Asks for a switchover and waits for its end. */
    public void switchover(LabMember asked, String leader, String candidate)
            throws LabException, InterruptedException {
        ObjectNode body = mapper.createObjectNode();
        body.put("leader", leader);
        body.put("candidate", candidate);
        HttpRequest request =
                HttpRequest.newBuilder(uri(asked, "switchover"))
                        .timeout(SWITCHOVER)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new LabException(
                        "the switchover was answered with "
                                + answer.statusCode()
                                + " "
                                + answer.body().trim());
            }
        } catch (IOException e) {
            throw new LabException("the switchover got no answer: " + e.getMessage(), e);
        }
    }

    private static URI uri(LabMember member, String path) {
        return URI.create("http://127.0.0.1:" + member.publicRestPort() + "/" + path);
    }

    /**
     * Reads an answer to {@code GET /cluster}.
     *
     * @throws JsonProcessingException if it is none
     */
    public static ClusterPicture read(String answer) throws JsonProcessingException {
        JsonNode document = new ObjectMapper().readTree(answer);
        List<ClusterPicture.Row> rows = new ArrayList<>();
        for (JsonNode member : document.path("members")) {
            rows.add(
                    new ClusterPicture.Row(
                            member.path("name").asText(),
                            member.path("role").asText(),
                            member.path("state").asText(),
                            member.path("host").asText(),
                            member.path("port").asInt(),
                            member.path("timeline").asText(),
                            member.path("lag").asText()));
        }
        return new ClusterPicture(rows);
    }
}
