package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.BulkOperation;
import dev.holdfast.NewJob;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.FilterParameters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that Java can read and the store cannot hold, in every parameter of every route. */
@Tag("R-44")
final class ExtremeParametersTest {
  private static final List<String> VALUES =
      List.of(
          "+1000000000-12-31T23:59:59.999999999Z",
          "-1000000000-01-01T00:00:00Z",
          "+292278-01-01T00:00:00Z",
          "0001-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999999999Z",
          "999999999d",
          "106751991d",
          "2147483647",
          "-2147483648",
          ">2147483647",
          "<-2147483648",
          ">999999999d");

  @TempDir private Path folder;
  private ServedQueue served;

  @BeforeEach
  void serve() {
    served = new ServedQueue(folder);
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void are_refused_or_mean_something_on_every_route() {
    String job = served.holdfast.enqueue(NewJob.of("t", 1)).id().toString();
    for (Route route : served.server.routes()) {
      String path = route.path().replace("{id}", job).replaceAll("\\{\\w+}", "default");
      boolean isStream = path.endsWith("/events") && !path.contains(job);
      for (String name : isStream ? List.<String>of() : List.copyOf(route.query())) {
        for (String value : VALUES) {
          String query = "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
          Reply reply = served.call(route.method().name(), path + query, null);
          assertThat(reply.status()).as(route.name() + query + ": " + reply.body()).isLessThan(500);
        }
      }
    }
  }

  @Test
  void in_a_filter_hold_up_no_bulk_operation() {
    for (String name : FilterParameters.NAMES) {
      for (String value : VALUES) {
        Reply reply = start("{\"%s\": \"%s\"}".formatted(name, value));
        assertThat(reply.status()).as(name + " " + value + reply.body()).isIn(202, 400);
      }
      advanceAll(); // only so many may be open at once
    }
    String last = start("{\"type\": \"none\"}").is(202).text("id");

    advanceAll();
    assertThat(served.get("/api/v1/bulk-operations/" + last).text("state"))
        .isEqualTo(BulkOperation.State.DONE.name());
  }

  private void advanceAll() {
    while (served.holdfast.embedding().store().bulkOperations().advance(100)) {
      // until all are done
    }
  }

  private Reply start(String filter) {
    return served.post(
        "/api/v1/bulk-operations", "{\"action\": \"cancel\", \"filter\": %s}".formatted(filter));
  }
}
