using CsCheck;

namespace OrleansLb.Core.Tests.Sessions;

public sealed class SessionLawTests
{
    private const int Sessions = 3;

    private static readonly Gen<(int What, int Frontend, int Session, ulong Backend, int Which)[]> Steps =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 2], Gen.Int[0, Sessions - 1], Gen.ULong[1, 4], Gen.Int[0, 20]).Array[1, 120];

    [Fact]
    public void FirstBindings_AnyLossDelayAndDeathOfActivations_EverySessionHasOneBackendEverywhere() => Steps.Sample(
        static steps =>
        {
            var simulation = new SessionSimulation();
            var epoch = 1_000_000L;
            foreach (var (what, frontend, session, backend, which) in steps)
            {
                if (what < 40)
                    simulation.Ask(frontend, session, backend, atReplaced: what < 8);
                else if (what < 80)
                    simulation.Arrive(which);
                else if (what < 85)
                    simulation.Look(frontend);
                else if (what < 92)
                    simulation.Replace(what < 88 ? which : epoch += 1_000_000);
                else
                    simulation.Pass(which);
            }

            Assert.False(simulation.IsAmbiguous);
            Assert.All(simulation.Bindings, static bindings => Assert.Single(bindings.Distinct()));
        },
        iter: 5_000);

    [Fact]
    public void AllChanges_AnyLossDelayAndDeath_NoNumberMeansTwoBindingsAndNobodyWhoIsUpToDateIsMisled() => Steps.Sample(
        static steps =>
        {
            var simulation = new SessionSimulation();
            var epoch = 1_000_000L;
            foreach (var (what, frontend, session, backend, which) in steps)
            {
                switch (what)
                {
                    case < 30:
                        simulation.Ask(frontend, session, backend, replaces: what < 8, atReplaced: what is >= 8 and < 12);
                        break;
                    case < 60:
                        simulation.Arrive(which);
                        break;
                    case < 66:
                        simulation.Move(session, backend);
                        break;
                    case < 70:
                        simulation.Revoke(session);
                        break;
                    case < 82:
                        simulation.ArrivePush(which, lost: what < 73);
                        break;
                    case < 88:
                        simulation.Look(frontend);
                        break;
                    case < 92:
                        simulation.Replace(what < 89 ? which : epoch += 1_000_000);
                        break;
                    case < 94:
                        simulation.Restart(frontend);
                        break;
                    default:
                        simulation.Pass(which);
                        break;
                }

                Assert.False(simulation.IsAmbiguous);
                for (var number = 0; number < Sessions; number++)
                    Assert.False(simulation.IsMisled(number));
            }
        },
        iter: 5_000);
}
