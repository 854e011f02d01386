package dev.holdfast.http;

import dev.holdfast.RecoveryRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts recoveries to their wire form. */
public final class RecoveryJson {
  private RecoveryJson() {}

  /** Returns a recovery. */
  public static Map<String, @Nullable Object> of(RecoveryRecord found) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("number", found.number());
    fields.put("at", found.at().toString());
    fields.put("node", found.node().toString());
    fields.put("node_name", found.nodeName().orElse(null));
    fields.put("host", found.host().orElse(null));
    fields.put("cause", found.cause().name());
    fields.put("why", found.why());
    fields.put(
        "noticed_after_seconds",
        found.noticedAfter().map(span -> span.toNanos() / 1e9).orElse(null));
    fields.put("jobs", found.jobs().all());
    fields.put("resumed", found.jobs().resumed());
    fields.put("held", found.jobs().held());
    fields.put("failed", found.jobs().failed());
    fields.put("returned", found.jobs().returned());
    fields.put("crash_loops", found.jobs().crashLoops());
    fields.put("by", found.by());
    return fields;
  }
}
