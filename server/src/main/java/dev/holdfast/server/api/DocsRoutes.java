package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.http.ProblemException;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A page that documents the API and lets callers try it. It uses Swagger UI, which is part of the
 * server, and loads nothing from other hosts. Only listed files are served.
 */
public final class DocsRoutes {
  private static final String OWN = "dev/holdfast/server/docs/";
  private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui/5.34.1/";

  /** Allows data images, as the style sheet of Swagger UI contains its icons. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
          + " 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String PAGE = OWN + "index.html";

  private static final Map<String, String> FILES =
      Map.of(
          "start.js", OWN + "start.js",
          "swagger-ui-bundle.js", SWAGGER + "swagger-ui-bundle.js",
          "swagger-ui.css", SWAGGER + "swagger-ui.css",
          "favicon-32x32.png", SWAGGER + "favicon-32x32.png");

  private final Map<String, WebFile> files = new ConcurrentHashMap<>(); // those that were requested

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/docs", this::page).needs(NONE),
        Route.of(GET, "/docs/{file}", this::file).needs(NONE));
  }

  private Answer page(Call call) {
    return file(PAGE, call).header("Content-Security-Policy", POLICY);
  }

  private Answer file(Call call) {
    @Nullable String resource = FILES.get(call.variable("file"));
    if (resource == null) {
      throw new ProblemException(ProblemType.NOT_FOUND, "there is nothing at this path");
    }
    return file(resource, call);
  }

  private Answer.Now file(String resource, Call call) {
    WebFile file =
        files.computeIfAbsent(
            resource,
            name ->
                WebFile.find(name)
                    .orElseThrow(
                        () -> new IllegalStateException("there is no %s: a bug".formatted(name))));
    return file.answer(call.header("If-None-Match"), call.header("Accept-Encoding"));
  }
}
