package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.ADMINISTER;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.server.AuditLog;
import dev.holdfast.spi.server.AuditRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Routes for the audit log: actions of operators and administrators through servers. */
public final class AuditRoutes {
  private static final int PAGE = 100;

  private final AuditLog audit;

  /** Reads this log. */
  public AuditRoutes(AuditLog audit) {
    this.audit = audit;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/api/v1/audit", this::list).needs(ADMINISTER).query("before", "limit"));
  }

  private Answer list(Call call) {
    int limit = call.query().number("limit", 1, Limits.PAGE_MAX, PAGE);
    Optional<Long> before = call.query().text("before").map(AuditRoutes::number);
    List<AuditRecord> found = audit.newest(before, limit + 1);
    List<AuditRecord> page = found.subList(0, Math.min(limit, found.size()));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("records", page.stream().map(AuditRoutes::json).toList());
    fields.put("next", found.size() > limit ? page.get(limit - 1).number() : null);
    return Answer.ok(fields);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notOne) {
      throw new InvalidRequestException(
          "the parameter 'before' is %s, expected a whole number".formatted(Printable.quoted(text)),
          notOne);
    }
  }

  private static Map<String, Object> json(AuditRecord written) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", written.number());
    fields.put("at", written.at().toString());
    fields.put("who", written.action().who());
    fields.put("what", written.action().what());
    fields.put("targets", written.action().targets());
    fields.put("count", written.action().count());
    fields.put("status", written.action().status());
    return fields;
  }
}
