package dev.holdfast.handlers.webhook;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.server.Alert;
import dev.holdfast.spi.server.AlertStore;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures alerts, and logs which were raised and cleared. */
final class AlertWatch implements Duty {
  private static final Logger log = LoggerFactory.getLogger(AlertWatch.class);

  private final AlertStore alerts;
  private final Duration interval;

  AlertWatch(AlertStore alerts, Duration interval) {
    this.alerts = alerts;
    this.interval = interval;
  }

  @Override
  public Duration run() {
    for (Alert alert : alerts.watch(interval)) {
      String name = alert.rule().name();
      if (alert.raisedAt().isPresent()) {
        log.atWarn()
            .addKeyValue("alert", name)
            .addKeyValue("value", alert.value().map(String::valueOf).orElse("none"))
            .log("Alert '{}' was raised.", name);
      } else {
        log.atInfo().addKeyValue("alert", name).log("Alert '{}' was cleared.", name);
      }
    }
    return interval;
  }
}
