package dev.holdfast;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Code around every handler, for example to set a tenant, a security context or a timer. Called by
 * many threads at once, on the thread of the handler. See {@link Holdfast#intercept}.
 *
 * <pre>{@code
 * holdfast.intercept(call -> {
 *   try (Tenant tenant = Tenant.enter(call.job().queue())) {
 *     return call.proceed();
 *   }
 * });
 * }</pre>
 */
@FunctionalInterface
public interface HandlerInterceptor {

  /**
   * Runs around one attempt. What it returns or throws counts as the handler's, as described at
   * {@link JobHandler#run}; so an interceptor can refuse a job, or translate exceptions.
   *
   * @return what {@link Call#proceed} returned, or something instead
   */
  @Nullable Object around(Call call) throws Exception;

  /** The call of a handler. Used by the thread of the handler only. */
  interface Call {
    /** Returns the context of the attempt. */
    JobContext job();

    /**
     * Calls the next interceptor, or the handler. At most once.
     *
     * @return what it returned
     * @throws Exception what it threw
     */
    @Nullable Object proceed() throws Exception;

    /**
     * Registers a callback for the end of the attempt, on this thread. It is called after all
     * interceptors have returned, the last one registered first, with the failure that counts (a
     * time-out, for example, instead of the handler's exception), or empty. Its own failures are
     * logged and ignored.
     */
    void onEnd(Consumer<Optional<Failure>> callback);
  }
}
