namespace Haltpoint.Targets;

/// <summary>Whatever is debugged: processes of a running kernel, the CPUs of a machine, a fake in a test.</summary>
/// <remarks>
/// Implemented by a struct that is given as a type argument, so that every call is direct and nothing boxes; the struct may be
/// a wrapper of one reference. An interface with defaults is an ability: override all of its members or none of them.
/// All members are called on the one thread that serves the target; none of them may wait for the target to stop.
/// </remarks>
public interface ITarget<TSelf> :
    IMemory<TSelf>, IMemoryMap<TSelf>, IRegisters<TSelf>, IThreads<TSelf>, IResume<TSelf>, IStops<TSelf>, IBreakpoints<TSelf>, IErrors<TSelf>,
    IProcesses<TSelf>, ILaunchSettings<TSelf>, IEvents<TSelf>, IObjects<TSelf>, IFiles<TSelf>, IThreadLocals<TSelf>, IMonitor<TSelf>,
    IConsole<TSelf>, IPlatform<TSelf>, IServerSettings<TSelf>
    where TSelf : struct, ITarget<TSelf>
{
}
