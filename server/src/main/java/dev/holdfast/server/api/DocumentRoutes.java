package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.route.Method.GET;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.http.OpenApi;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The route to the OpenAPI document that describes all routes. */
public final class DocumentRoutes {

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(Route.of(GET, "/openapi.json", this::document).needs(NONE));
  }

  private Answer document(Call call) {
    byte[] json = new YAMLMapper().readTree(OpenApi.yaml()).toString().getBytes(UTF_8);
    return new Answer.Now(200, "application/json", ByteBuffer.wrap(json), Map.of());
  }
}
