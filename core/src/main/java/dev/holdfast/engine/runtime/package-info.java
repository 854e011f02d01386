/**
 * Clocks and threads: {@link dev.holdfast.engine.runtime.ProcessRuntime} has those of this process,
 * and {@link dev.holdfast.engine.runtime.Platform} is what an engine runs on. {@code Threads} makes
 * every thread, and {@code DutyThread} runs duties. Nothing here knows jobs.
 */
@NullMarked
package dev.holdfast.engine.runtime;

import org.jspecify.annotations.NullMarked;
