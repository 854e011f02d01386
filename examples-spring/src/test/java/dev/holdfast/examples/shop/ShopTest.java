package dev.holdfast.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole shop, over HTTP. */
@Tag("R-62")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShopTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Value("${local.server.port}")
  int port;

  @Autowired Holdfast holdfast;
  @Autowired JdbcClient jdbc;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    properties.add("spring.datasource.url", TestDatabase::url);
    properties.add("spring.datasource.username", () -> "postgres");
    properties.add("holdfast.node.poll-interval", () -> "100ms");
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> buy(String customer, String article) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:%d/purchases?customer=%s&article=%s"
                .formatted(port, customer, article));
    return send(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.noBody()));
  }

  private String get(String path) throws Exception {
    return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path))))
        .body();
  }

  private List<Job> jobs(String customer) {
    return holdfast.queue().list(JobFilter.all(), PageRequest.first(500)).items().stream()
        .filter(job -> job.payload().contains('"' + customer + '"'))
        .toList();
  }

  @Test
  void a_purchase_gets_its_invoice() throws Exception {
    HttpResponse<String> answer = buy("ada", "lamp");

    assertThat(answer.statusCode()).isEqualTo(201);
    long purchase = Long.parseLong(answer.body());
    Eventually.is(
        "the job has completed",
        () -> jobs("ada").stream().anyMatch(job -> job.state() == JobState.COMPLETED));
    assertThat(jobs("ada").get(0).result()).contains("\"invoice-" + purchase + "\"");
    assertThat(
            jdbc.sql("select customer from invoices where purchase = ?")
                .param(purchase)
                .query(String.class)
                .single())
        .isEqualTo("ada");
  }

  @Test
  void a_purchase_that_is_rolled_back_leaves_no_job() throws Exception {
    HttpResponse<String> answer = buy("eve", "%20");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(jobs("eve")).isEmpty();
    assertThat(
            jdbc.sql("select count(*) from purchases where customer = 'eve'")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void the_annotation_has_declared_its_schedule() {
    assertThat(holdfast.queue().schedules().list()).anyMatch(s -> s.name().equals("daily-count"));
  }

  @Test
  void the_actuator_tells_of_health_info_and_meters() throws Exception {
    assertThat(get("/actuator/health")).contains("\"holdfast\":{", "\"slots\":8");
    assertThat(get("/actuator/health/holdfast")).contains("\"status\":\"UP\"");
    assertThat(get("/actuator/info"))
        .contains("\"holdfast\":{")
        .contains("\"node\":\"shop\"")
        .contains("\"daily-count\",\"invoice\"");
    assertThat(get("/actuator/metrics/holdfast.jobs.ended?tag=type:daily-count"))
        .contains("\"outcome\"");
    assertThat(get("/actuator/metrics/holdfast.node.slots")).contains("\"value\":8");
  }
}
