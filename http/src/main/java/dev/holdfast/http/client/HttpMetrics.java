package dev.holdfast.http.client;

import dev.holdfast.Metrics;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.check.Durations;
import dev.holdfast.http.wire.RecoveryJson;
import dev.holdfast.http.wire.SeriesJson;
import dev.holdfast.series.Series;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.series.SeriesQuery.By;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures of a queue behind a server. */
final class HttpMetrics implements Metrics {
  private final Transport transport;

  HttpMetrics(Transport transport) {
    this.transport = transport;
  }

  @Override
  public List<Series> series(SeriesQuery query) {
    Optional<String> by =
        query.by() == By.NOTHING
            ? Optional.empty()
            : Optional.of(query.by().name().toLowerCase(Locale.ROOT));
    Request request =
        Request.get("/stats/series")
            .query("from", query.from())
            .query("to", query.to())
            .query("step", Durations.write(query.step()))
            .query("queue", query.queue())
            .query("type", query.type())
            .query("by", by);
    return transport.call(request).read(SeriesJson.class, answer -> answer.found(query.from()));
  }

  @Override
  public List<RecoveryRecord> recoveries(Optional<Long> before, int limit) {
    Request request = Request.get("/recoveries").query("before", before).query("limit", limit);
    return transport.call(request).list("recoveries", RecoveryJson.class, RecoveryJson::recovery);
  }
}
