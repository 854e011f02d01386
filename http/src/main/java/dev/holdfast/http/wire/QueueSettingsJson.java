package dev.holdfast.http.wire;

import dev.holdfast.ClaimOrder;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.search.JobField;
import java.util.List;
import java.util.Optional;

/** Wire form of {@link QueueSettings}. */
public record QueueSettingsJson(
    ClaimOrder order,
    boolean manual,
    Optional<Integer> concurrency,
    Optional<Integer> concurrencyPerGroup,
    Optional<Rate> rate,
    List<JobField> indexedFields) {

  /** Returns settings. */
  public static QueueSettingsJson of(QueueSettings settings) {
    return new QueueSettingsJson(
        settings.order(),
        settings.manual(),
        settings.concurrency(),
        settings.concurrencyPerGroup(),
        settings.rate(),
        settings.indexedFields());
  }

  /** Returns the settings. */
  public QueueSettings settings() {
    return QueueSettings.defaults()
        .order(order)
        .manual(manual)
        .concurrency(concurrency.orElse(null))
        .concurrencyPerGroup(concurrencyPerGroup.orElse(null))
        .rate(rate.orElse(null))
        .indexedFields(indexedFields);
  }
}
