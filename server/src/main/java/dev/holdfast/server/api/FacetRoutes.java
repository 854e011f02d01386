package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.JobFilter;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobFacets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The route that counts the jobs of a search by their properties. */
public final class FacetRoutes {
  private final Insights insights;
  private final Selection selection;

  /** Creates the route. */
  public FacetRoutes(Insights insights, Rendering rendering) {
    this.insights = insights;
    this.selection = rendering.selection();
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/api/v1/jobs/facets", this::facets)
            .needs(SEE)
            .inScope()
            .query(Selection.parameters())
            .freeQuery());
  }

  private Answer facets(Call call) {
    JobFilter filter = selection.of(call.query());
    selection.checkCounted(filter);
    JobFacets facets = insights.facets(filter.within(call.identity().scope()));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("matches", facets.matches());
    fields.put("more", facets.hasMore());
    fields.put("searched", facets.searched());
    fields.put("complete", facets.complete());
    fields.put("state", counts(facets.states()));
    fields.put("queue", counts(facets.queues()));
    fields.put("type", counts(facets.types()));
    fields.put("failure", counts(facets.failures()));
    return Answer.ok(fields);
  }

  /** Returns values with their counts, the largest first. */
  private static List<Map<String, Object>> counts(Map<?, Long> counts) {
    Comparator<Map.Entry<String, Long>> largest =
        Map.Entry.<String, Long>comparingByValue().reversed();
    return counts.entrySet().stream()
        .map(count -> Map.entry(count.getKey().toString(), count.getValue()))
        .sorted(largest.thenComparing(Map.Entry::getKey))
        .map(FacetRoutes::count)
        .toList();
  }

  private static Map<String, Object> count(Map.Entry<String, Long> count) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("value", count.getKey());
    fields.put("count", count.getValue());
    return fields;
  }
}
