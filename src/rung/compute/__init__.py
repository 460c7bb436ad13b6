"""Say where work is done: in this thread, in several, and later on a cluster."""

from rung.compute.context import Journal, NoShelf, RunContext
from rung.compute.executor import default_threads, one_thread_each, run_jobs

__all__ = ["Journal", "NoShelf", "RunContext", "default_threads", "one_thread_each", "run_jobs"]
