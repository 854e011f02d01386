package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkOperations;
import dev.holdfast.BulkRequest;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.http.wire.BulkOperationJson;
import dev.holdfast.search.Scope;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Routes for bulk operations, which change many jobs in the background. */
public final class BulkOperationRoutes {
  private static final String PATH = "/api/v1/bulk-operations";
  private static final String ONE = PATH + "/{id}";
  private static final int BYTES_MAX = 256 << 10;
  private static final Set<String> FIELDS =
      new TreeSet<>(Set.of("action", "filter", "queue", "priority"));

  private final BulkOperations operations;
  private final Selection selection;

  /** Creates the routes. */
  public BulkOperationRoutes(BulkOperations operations, Rendering rendering) {
    this.operations = operations;
    this.selection = rendering.selection();
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list).needs(SEE),
        Route.of(POST, PATH, this::start).needs(OPERATE).body(BYTES_MAX),
        Route.of(GET, ONE, call -> Answer.ok(BulkOperationJson.of(existing(call))))
            .needs(SEE)
            .inScope(),
        Route.of(POST, ONE + "/cancel", this::cancel).needs(OPERATE).inScope());
  }

  private Answer list(Call call) {
    return Answer.ok(
        Map.of("operations", operations.list().stream().map(BulkOperationJson::of).toList()));
  }

  private Answer start(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), FIELDS);
    BulkRequest request =
        BulkRequests.of(fields, selection.of(fields.any("filter"))); // {} selects all jobs
    selection.checkCounted(request.filter());
    BulkOperation operation = operations.start(request, call.by());
    call.changed(List.of(operation.id()));
    return Answer.json(202, BulkOperationJson.of(operation));
  }

  private Answer cancel(Call call) {
    if (!call.identity().scope().isAll()) {
      BulkOperation unused = existing(call);
    }
    BulkOperation operation = operations.cancel(id(call));
    call.changed(List.of(operation.id()));
    return Answer.ok(BulkOperationJson.of(operation));
  }

  /** Returns the operation; to a caller with groups, those of other groups do not exist. */
  private BulkOperation existing(Call call) {
    UUID id = id(call);
    BulkOperation operation = operations.get(id);
    Scope scope = call.identity().scope();
    if (!scope.isAll() && !operation.request().filter().scope().equals(scope)) {
      throw new NotFoundException("there is no bulk operation %s".formatted(id));
    }
    return operation;
  }

  private static UUID id(Call call) {
    String text = call.variable("id");
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException malformed) {
      throw new InvalidRequestException(
          "%s is not the id of a bulk operation: expected a UUID".formatted(Printable.quoted(text)),
          malformed);
    }
  }
}
