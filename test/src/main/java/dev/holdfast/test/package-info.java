/**
 * Tests of programs that use Holdfast: a queue in memory, with time that a test moves.
 *
 * <p>{@link dev.holdfast.test.HoldfastExtension} gives each test a queue of its own, behind the
 * same {@link dev.holdfast.Holdfast} as in production, and injects failures. {@link
 * dev.holdfast.test.HandlerTests} runs one handler alone: once, from one of its steps on, or
 * through a crash at each of its checkpoints. {@link dev.holdfast.test.HoldfastAssertions} asserts
 * which jobs were enqueued.
 *
 * <p>Virtual time runs from event to event: handlers run one at a time, each until it ends or
 * {@linkplain dev.holdfast.test.HoldfastExtension#sleep sleeps}, and the same test has the same
 * outcome each time.
 */
@NullMarked
package dev.holdfast.test;

import org.jspecify.annotations.NullMarked;
