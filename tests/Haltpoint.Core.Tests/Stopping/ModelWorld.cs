using System;
using System.Collections.Generic;
using Haltpoint.Stopping;

namespace Haltpoint.Core.Tests.Stopping;

/// <summary>A machine in which anything that can happen is chosen from outside, one atomic step at a time.</summary>
internal sealed unsafe class ModelWorld : IDisposable
{
    /// <summary>A budget that does not run out, so that it need not be part of the state.</summary>
    public const int Always = 1000;

    private readonly Roundup<ModelTarget> _roundup;
    private readonly ModelRules _rules;
    private readonly int _cpus;
    private readonly bool _hasDeaths;
    private ModelTarget _target;

    public ModelWorld(int cpus, Budget budget, int offline = 0)
    {
        _cpus = cpus;
        _hasDeaths = budget.Deaths > 0;
        State = new ModelState(cpus);
        _roundup = new Roundup<ModelTarget>(State.Roundup, cpus, ModelTarget.Patience, ModelTarget.Patience);
        _target = new ModelTarget(State);
        _rules = new ModelRules(cpus);
        State.Left = budget;
        State.IsTrapInside = budget.Reentries > 0;
        for (int cpu = 0; cpu < cpus - offline; cpu++)
        {
            _roundup.ComeOnline(cpu);
            while (_roundup.Step(ref _target, cpu) != RoundupNext.Leave)
            {
            }
        }

        for (int cpu = cpus - offline; cpu < cpus; cpu++)
        {
            State.Cpu(cpu).IsOffline = true;
            State.Cpu(cpu).Registers = ModelCpu.RegistersOff;
        }
    }

    public ModelState State { get; }

    public Roundup<ModelTarget> Roundup => _roundup;

    /// <summary>Every live CPU is out and nothing is under way: where each run has to be able to end.</summary>
    public bool IsQuiet => _rules.IsQuiet(State);

    public void Dispose() => State.Dispose();

    /// <summary>All that can happen next.</summary>
    public void List(List<ModelAction> into)
    {
        into.Clear();
        for (int cpu = 0; cpu < _cpus; cpu++)
        {
            if (!State.Cpu(cpu).IsDead)
            {
                List(cpu, into);
            }
        }
    }

    public void Do(ModelAction action)
    {
        int cpu = action.Cpu;
        ref ModelCpu model = ref State.Cpu(cpu);
        ModelRules.Before before = _rules.LookBefore(State, cpu);
        switch (action.Kind)
        {
            case ModelActionKind.Step:
                Step(cpu);
                break;
            case ModelActionKind.StepWithTimeUp:
                Spend(ref State.Left.TimeUps);
                _target.SetTimeUp(true);
                Step(cpu);
                _target.SetTimeUp(false);
                break;
            case ModelActionKind.Hit:
                if (!model.OwesStep)
                {
                    Spend(ref State.Left.Hits);
                }

                model.OwesStep = false;
                model.IsTrapped = true;
                model.HasOpenHit = true;
                break;
            case ModelActionKind.EnterByTrap:
                model.IsTrapped = false;
                model.IsInTrap = true;
                ModelViolation.If(_roundup.EnterByTrap(cpu) != RoundupEntry.Entered, "an exception outside the debugger does not enter it");
                break;
            case ModelActionKind.EnterByNmi:
                EnterByNmi(cpu);
                break;
            case ModelActionKind.ComeOnline:
                model.IsOffline = false;
                _roundup.ComeOnline(cpu);
                break;
            case ModelActionKind.Die:
                Spend(ref State.Left.Deaths);
                model.IsDead = true;
                break;
            case ModelActionKind.Reenter:
                Spend(ref State.Left.Reentries);
                ModelViolation.If(_roundup.EnterByTrap(cpu) != RoundupEntry.Inside, "an exception inside the debugger enters it");
                ModelViolation.If(_roundup.Reenter(ref _target, cpu, 0x1000) == ReentryAnswer.Fatal, "a trap inside the debugger is fatal");
                break;
            case ModelActionKind.AskBreakIn:
                Spend(ref State.Left.BreakIns);
                State.IsBreakInAsked = true;
                break;
            default:
                Serve(action);
                break;
        }

        _rules.Check(State, cpu, action.Kind, before);
    }

    private static void Spend(ref int budget) => budget -= budget == Always ? 0 : 1;

    private void List(int cpu, List<ModelAction> into)
    {
        ref ModelCpu model = ref State.Cpu(cpu);
        ref RoundupCpu record = ref State.Record(cpu);
        bool isIn = (record.State & CpuState.In) != 0;
        if (model.IsOffline)
        {
            into.Add(new ModelAction(ModelActionKind.ComeOnline, cpu));
            return;
        }

        if (isIn && record.Phase == RoundupPhase.Serving)
        {
            ListServing(cpu, into);
        }
        else if (isIn && model.IsAsleep)
        {
            // Only others can help it.
        }
        else if (isIn)
        {
            into.Add(new ModelAction(ModelActionKind.Step, cpu));
            if (State.Left.TimeUps > 0 && record.Deadline != 0)
            {
                into.Add(new ModelAction(ModelActionKind.StepWithTimeUp, cpu));
            }
        }
        else if (model.IsTrapped)
        {
            into.Add(new ModelAction(ModelActionKind.EnterByTrap, cpu));
        }
        else if (State.Left.Hits > 0 || model.OwesStep)
        {
            into.Add(new ModelAction(ModelActionKind.Hit, cpu));
        }

        if (model.IsNmiPending && !model.IsInNmi)
        {
            into.Add(new ModelAction(ModelActionKind.EnterByNmi, cpu));
        }

        // A hung master cannot be helped.
        if (State.Left.Deaths > 0 && !ModelRules.IsMaster(State, cpu))
        {
            into.Add(new ModelAction(ModelActionKind.Die, cpu));
        }

        if (State.Left.Reentries > 0 && isIn)
        {
            into.Add(new ModelAction(ModelActionKind.Reenter, cpu));
        }

        bool isKept = record.Phase == RoundupPhase.Waiting && (record.State & CpuState.Held) != 0 && State.All.Active == 0;
        if (State.Left.BreakIns > 0 && !State.IsBreakInAsked && isIn && isKept)
        {
            into.Add(new ModelAction(ModelActionKind.AskBreakIn, cpu));
        }
    }

    private void ListServing(int cpu, List<ModelAction> into)
    {
        if (!State.IsAllTold)
        {
            into.Add(new ModelAction(ModelActionKind.TakeHit, cpu));
            if (State.Left.Changes > 0)
            {
                into.Add(new ModelAction(ModelActionKind.ChangeDesired, cpu));
            }

            for (int other = 0; other < _cpus && State.Left.Removals > 0; other++)
            {
                if (State.Cpu(other).HasOpenHit && !State.Cpu(other).IsUnwanted)
                {
                    into.Add(new ModelAction(ModelActionKind.RemoveBreakpoint, cpu, other));
                }
            }

            return;
        }

        into.Add(new ModelAction(ModelActionKind.ResumeAll, cpu));
        if (State.Left.Steps > 0)
        {
            into.Add(new ModelAction(ModelActionKind.ResumeForStep, cpu));
            if (State.Left.Lingers > 0)
            {
                into.Add(new ModelAction(ModelActionKind.ResumeStepOthersLinger, cpu));
            }

            for (int other = 0; other < _cpus && !_hasDeaths; other++)
            {
                // If the one that steps died, only a break-in would help.
                if (_roundup.IsStopped(other))
                {
                    into.Add(new ModelAction(ModelActionKind.ResumeStepAlone, cpu, other));
                }
            }
        }

        for (int other = 0; other < _cpus && State.Left.HandOvers > 0; other++)
        {
            if (other != cpu)
            {
                into.Add(new ModelAction(ModelActionKind.HandOver, cpu, other));
            }
        }
    }

    private void Step(int cpu)
    {
        ref ModelCpu model = ref State.Cpu(cpu);
        switch (_roundup.Step(ref _target, cpu))
        {
            case RoundupNext.Sleep:
                ModelTarget.Sleep(ref _target, cpu);
                return;
            case RoundupNext.Leave:
                break;
            default:
                return;
        }

        ModelViolation.If(model.HasOpenHit && !model.IsTrapped, "a hit is lost: its CPU leaves and nobody was told");
        ModelViolation.If(model.MustStay, "a CPU that is kept leaves");
        ModelViolation.If(model.Registers != State.Desired, "a CPU leaves with other debug registers than are wanted");
        model.IsInTrap = false;
        model.IsInNmi = false;
        model.MustLeave = false;
        model.IsWakePending = false;
    }

    private void EnterByNmi(int cpu)
    {
        ref ModelCpu model = ref State.Cpu(cpu);
        model.IsNmiPending = false;
        model.IsAsleep = false;
        RoundupEntry entry = _roundup.EnterByNmi(cpu);
        ModelViolation.If(entry == RoundupEntry.NotOurs, "an NMI that was sent is taken for somebody else's");
        model.IsInNmi = entry == RoundupEntry.Entered;
    }

    private void Serve(ModelAction action)
    {
        switch (action.Kind)
        {
            case ModelActionKind.TakeHit:
                TakeHit(action.Cpu);
                break;
            case ModelActionKind.RemoveBreakpoint:
                Spend(ref State.Left.Removals);
                State.Cpu(action.Other).IsUnwanted = true;
                break;
            case ModelActionKind.ChangeDesired:
                Spend(ref State.Left.Changes);
                State.Desired++;
                break;
            case ModelActionKind.HandOver:
                Spend(ref State.Left.HandOvers);
                _roundup.TryHandOver(ref _target, action.Cpu, action.Other);
                break;
            default:
                Resume(action);
                break;
        }
    }

    private void TakeHit(int master)
    {
        State.IsAllTold = !_roundup.TryTakeHit(ref _target, master, out int cpu);
        if (!State.IsAllTold)
        {
            ModelViolation.If(!State.Cpu(cpu).HasOpenHit, "a hit is told twice");
            State.Cpu(cpu).HasOpenHit = false;
            State.IsBreakInAsked = false;
        }

        for (int i = 0; i < _cpus; i++)
        {
            State.RemovedUntold -= _roundup.TakeRemoved(i, out _);
        }

        ModelViolation.If(State.RemovedUntold != 0, "a breakpoint inside the debugger is not told once");
    }

    private void Resume(ModelAction action)
    {
        State.IsAllTold = false;
        bool isAlone = action.Kind == ModelActionKind.ResumeStepAlone;
        int steps = isAlone ? action.Other : action.Cpu;
        for (int cpu = 0; cpu < _cpus; cpu++)
        {
            State.Cpu(cpu).OwesStep = false;
            State.Cpu(cpu).MustStay = isAlone && cpu != steps && _roundup.IsOnline(cpu);
            if (isAlone && cpu != steps)
            {
                _roundup.Keep(cpu);
            }
            else if (action.Kind == ModelActionKind.ResumeStepOthersLinger && cpu != steps)
            {
                _roundup.Linger(cpu);
            }
        }

        if (action.Kind == ModelActionKind.ResumeAll)
        {
            _roundup.Resume(action.Cpu, 0);
            return;
        }

        Spend(ref State.Left.Steps);
        if (action.Kind == ModelActionKind.ResumeStepOthersLinger)
        {
            Spend(ref State.Left.Lingers);
        }

        State.Cpu(steps).OwesStep = true;
        _roundup.Resume(action.Cpu, ModelTarget.ThreadOn(ref _target, steps));
    }
}
