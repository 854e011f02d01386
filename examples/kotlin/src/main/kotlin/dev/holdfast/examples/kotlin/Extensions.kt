package dev.holdfast.examples.kotlin

import dev.holdfast.Enqueued
import dev.holdfast.HandlerPolicy
import dev.holdfast.Holdfast
import dev.holdfast.Job
import dev.holdfast.JobContext
import dev.holdfast.JobHandler
import dev.holdfast.JobQueue
import dev.holdfast.JobType
import dev.holdfast.NewJob

// snippet: extensions
/** Declares a job type with payloads of [P] and results of [R]. */
inline fun <reified P : Any, reified R : Any> jobType(name: String): JobType<P, R> =
    JobType.of(name, P::class.java, R::class.java)

/** Adds a handler of jobs whose payload is a [T]. */
inline fun <reified T : Any> Holdfast.handle(
    type: String,
    policy: HandlerPolicy = HandlerPolicy.defaults(),
    noinline handler: (T, JobContext) -> Any?,
): Holdfast = handle(type, T::class.java, JobHandler<T> { payload, job -> handler(payload, job) }, policy)

/** Adds the handler of a type; what it returns is the job's result. */
fun <P : Any, R : Any> Holdfast.handle(type: JobType<P, R>, handler: (P, JobContext) -> R?): Holdfast =
    handle(type, JobHandler<P> { payload, job -> handler(payload, job) })

/** Enqueues a job; [options] adds delays, keys and the like. */
fun <P : Any> JobQueue.enqueue(
    type: JobType<P, *>,
    payload: P,
    options: NewJob.() -> NewJob = { this },
): Enqueued = enqueue(type.with(payload).options())

/** Enqueues a job of a type that is known by its name. */
fun JobQueue.enqueue(
    type: String,
    payload: Any?,
    options: NewJob.() -> NewJob = { this },
): Enqueued = enqueue(NewJob.of(type, payload).options())

/** Runs [work] once, and remembers what it returned. */
inline fun <reified T : Any> JobContext.step(name: String, noinline work: () -> T): T =
    step(name, T::class.java, work)

/** Returns the result of a job that has completed, or null if there is none. */
inline fun <reified R : Any> Job.resultOrNull(): R? = result(R::class.java).orElse(null)
// end
