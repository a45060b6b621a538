using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Modular.Kernel.Modules;
using Modular.Kernel.Web;
using Modular.Kernel.Web.Limits;
using Modular.Notifications.Contracts;
using Modular.Users.Accounts;
using Modular.Users.Administering;
using Modular.Users.Contracts;
using Modular.Users.Deleting;
using Modular.Users.Exporting;
using Modular.Users.FirstAdmin;
using Modular.Users.Guests;
using Modular.Users.Keys;
using Modular.Users.MagicLinks;
using Modular.Users.Mail;
using Modular.Users.Me;
using Modular.Users.Resetting;
using Modular.Users.Sessions;
using Modular.Users.Verifying;

namespace Modular.Users;

/// <summary>Who people are: guests, their sessions, cookie and tokens.</summary>
public sealed class UsersModule : IModule
{
    public string Name => "users";

    public void AddServices(IHostApplicationBuilder host)
    {
        host.AddModuleStore(this, store => store
            .Document<User>(table => table
                .Index("by_age", "created_at desc", "id desc").IndexWhere("admins", "data -> 'roles' @> '[\"admin\"]'", "id"))
            .Document<Account>(table => table.Column(a => a.EmailKey).Unique("email", a => a.EmailKey))
            .Document<AttemptCount>(table => table.Counter(a => a.Count).KeptUntil(a => a.EndsAt))
            .Document<Session>(table => table
                .Column(s => s.UserId).KeptUntil(s => s.ExpiresAt).Instant(s => s.RevokedAt)
                .Index("by_user", "user_id"))
            .Document<MailRequest>(table => table.Column(r => r.Kind).Instant(r => r.NextAt).Index("by_time", "next_at"))
            .Document<MailLink>(table => table
                .Column(l => l.UserId).Column(l => l.Kind).Column(l => l.TokenHash)
                .Unique("token", l => l.TokenHash).Index("by_user", "user_id").KeptUntil(l => l.KeptUntil))
            .Document<DataProtectionKey>()
            .Document<DevelopmentSecret>()
            .Document<SetupState>()
            .Document<Deletion>(table => table.Instant(d => d.DeletedAt).Instant(d => d.RepeatedAt))
            .PersonalData<HeldOfPerson>()
            .PublishedEvent<UserRenamed>().PublishedEvent<UserRegistered>().PublishedEvent<UserDeleted>()
            .PersonalEvent<SessionRevoked>()
            .Seed<FirstKey>().Seed<SetupTokens>());

        host.Services.AddOptions<UsersOptions>().BindConfiguration("Modules:Users")
            .Validate<IHostEnvironment>(
                (options, environment) => options.Secret is not null || environment.IsDevelopment(),
                "Modules:Users:Secret is missing: set it to at least 32 random characters, the same on all replicas.")
            .Validate(options => options.Secret is null or { Length: >= 32 }, "Modules:Users:Secret is too short: it needs at least 32 characters.")
            .Validate(options => options.SessionLife > TimeSpan.FromDays(1), "Modules:Users:SessionLife must be longer than a day.")
            .Validate(options => options.AccessTokenLife > TimeSpan.Zero, "Modules:Users:AccessTokenLife must be longer than nothing.")
            .Validate(options => options.PasswordsAtOnce is >= 1 and <= 64, "Modules:Users:PasswordsAtOnce must be from 1 to 64.")
            .Validate(options => options.MostPasswordsWaiting > 0, "Modules:Users:MostPasswordsWaiting must be at least 1.")
            .ValidateOnStart();

        // An event begins with everybody at one address joining at once.
        host.AddLimit(RateLimits.Guests, LimitBy.Address, permits: 5, per: TimeSpan.FromSeconds(1), burst: 1000);
        host.AddLimit("account", LimitBy.Person, permits: 30, per: TimeSpan.FromMinutes(1));
        host.AddLimit("export", LimitBy.Person, permits: 10, per: TimeSpan.FromHours(1));
        host.AddLimit("sign-in", LimitBy.Address, permits: 60, per: TimeSpan.FromMinutes(1), burst: 300);
        host.AddSettings<AttemptLimits>("Limits").Validate(
            limits => limits.AreRight(), "Limits:SignInAttempts, Limits:TakenEmails and Limits:VerifyMails need Permits, a whole number from 1, and Per, a time up to a day such as 00:15:00.");

        host.AddMail();
        host.Services.AddSingleton<SharedSecret>().AddSingleton<KeyRepository>().AddHostedService<KeysAreReadable>();
        host.Services.AddDataProtection().SetApplicationName("modular");
        // The repository seals what it stores; the null encryptor keeps data protection from warning that nothing does.
        host.Services.AddOptions<KeyManagementOptions>().Configure<KeyRepository>((options, keys) =>
            (options.XmlRepository, options.XmlEncryptor) = (keys, new NullXmlEncryptor()));

        host.Services.AddSingleton<Tokens>().AddSingleton<SessionCookie>().AddSingleton<SessionReads>().AddSingleton<LiveSessions>().AddSingleton<SignInAnswer>()
            .AddSingleton<SignIns>().AddSingleton<EndSessions>().AddSingleton<NewMembers>()
            .AddSingleton<Passwords>().AddHostedService<PasswordsAtStart>().AddSingleton<Attempts>().AddSingleton<CurrentPassword>();
        host.Services.AddSingleton<IRevocationListener>(services => services.GetRequiredService<LiveSessions>());
        host.Services.AddSingleton<ICallerSource, CallerSource>();
        host.Services.AddSingleton<SetupTokens>().AddHostedService<AnnounceSetup>().AddSingleton<IAccounts, OperatorAccounts>();
        host.Services.AddSingleton<IPeople, PeopleNames>().AddSingleton<DeletePerson>().AddHostedService<RepeatDeletions>();
        host.Services.AddSingleton<Participants>().AddSingleton<IParticipants>(services => services.GetRequiredService<Participants>());
        host.Services.AddAuthorization()
            .AddAuthentication(ModularAuthentication.Scheme)
            .AddScheme<AuthenticationSchemeOptions, ModularAuthentication>(ModularAuthentication.Scheme, configureOptions: null);
    }

    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("").WithTags("Users").WithBodyLimit(16 * 1024);
        MakeGuest.Map(users);
        Register.Map(users);
        Login.Map(users);
        ChangePassword.Map(users);
        Refresh.Map(users);
        Logout.Map(users);
        ListSessions.Map(users);
        RevokeSession.Map(users);
        RevokeOtherSessions.Map(users);
        GetMe.Map(users);
        RenameMe.Map(users);
        ExportMe.Map(users);
        DeleteMe.Map(users);
        SendVerification.Map(users);
        VerifyAddress.Map(users);
        ForgotPassword.Map(users);
        ResetPassword.Map(users);
        AskForMagicLink.Map(users);
        AcceptMagicLink.Map(users);
        BecomeFirstAdmin.Map(users);
        ListPeople.Map(users);
        BanPerson.Map(users);
        UnbanPerson.Map(users);
        RemovePerson.Map(users);
    }
}
