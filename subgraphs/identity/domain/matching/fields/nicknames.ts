/** General knowledge: short and familiar forms, and the same name in other languages; one group a line. */
const GROUPS = `
abigail abby abbie gail
abraham abe bram ibrahim
adelaide addie ada della heidi
adriana adrienne ada adrianne
agnes nessie aggie nesta nancy ines agnieszka
albert bert al bertie albie alberto albrecht
alexander alex alec sandy alick sasha alessandro alejandro aleksandr alexandre xander aliaksandr
alexandra alex sandra sandy sasha alexa lexi
alfred fred alf freddie alfie alfredo
alice ali ally alicia elsie
amanda mandy amy
amelia amy millie emily
andrew andy drew andreas andre andrea andrzej andrei anders andres
angela angie angelina
ann anne anna annie nan nancy nanny nina hannah ana anya anita
annabelle annabel anabella belle bella anabelle
anthony tony antony anton antonio antoine ant
arthur art artie arturo
augustus gus august augustin auguste
barbara barb babs barbie bobbie
bartholomew bart bartolomeo
beatrice bea trixie beatrix beatriz
benedict ben bennet benedikt
benjamin ben benny benji
bernard bernie bern bernhard bernardo barney
bertha bertie
bertram bert bertie
bridget biddy bridie brigitte
caroline carrie caro carolyn lina carol carolina karoline
cassandra cassie sandra
catherine kate cathy katie kathy kit kitty katherine kathryn kathleen cath katharine kay catharine
katherine karen katrina catherine catalina caterina katarzyna ekaterina kasia katja katharina
cecilia cecily celia cissy sis
charles charlie charley chuck chas carl karl carlos carlo
charlotte lottie charlie lotte carlotta
christina chris tina christine chrissie kristina kirsten christiane
christopher chris kit topher christophe christoph cristobal kristof
clarence clare
clara clare claire klara
clifford cliff
constance connie
cornelius con neil corny cornelis
cynthia cindy
daniel dan danny dani daniele
david dave davy davey davide dawid
deborah debbie deb debra
dennis denis denny
diana di diane
dominic dom nick dominik domenico
donald don donnie
dorothy dot dolly dottie dora dorothea
douglas doug
edmund ed eddie ned ted edmond
edward ed eddie ned ted teddy eduard eduardo edouard
edwin ed eddie ned win
eleanor ellie nell nellie nora ella elinor leonora ellen eleonora
elizabeth liz lizzie beth betty bess bessie eliza elsie libby lisa elisabeth betsy elspeth lily
elisabeth elizabeth elise isabel isabella lisbeth elzbieta elisabetta
emily em emmy millie emilie
emma em emmy
emmanuel manny manuel emanuel manu
ernest ernie ernst ernesto
esther hester essie hettie
eugene gene eugen eugenio evgeny yevgeny
euphemia effie phemie
evelyn eve evie
florence flo flora flossie florrie
frances fanny fran frankie sis fannie francesca francisca franziska francoise
francis frank fran frankie francisco francesco francois franz paco pancho franciszek
franklin frank
frederick fred freddie freddy frederic fritz friedrich federico fredrick frederik
gabriel gabe gabriele
gabrielle gabby gabi gabriella gabriela
geoffrey geoff jeff jeffrey jeffery
george georgie jorge georg giorgio georges geordie jurgen yuri jiri
georgina georgie gina georgiana
gerald gerry jerry gerard gerhard
gertrude gertie trudy gert
gilbert gil bert gilberto
gregory greg gregor grigori
gustav gus gustavo gustave
gwendolen gwen gwendoline
hannah anna nan hanna
harold harry hal harald
harriet hattie harriett hetty henrietta
helen nell nellie ellen helena lena elena nelly helene
henrietta etta hetty harriet hattie henriette
henry harry hal hank heinrich henri enrique enrico hendrik henryk
herbert herb bert bertie heribert
herman hermann armand
hubert bert hugh hugo
hugh hughie hugo huw
humphrey humph
ian iain john
ignatius iggy ignacio ignaz
irene rene
isaac ike zac isaak
isabel bella isabella izzy belle tibby isobel ysabel ishbel
isaiah ike
jacob jake jack jakob jacobo giacomo jakub james
jacqueline jackie
james jim jimmy jamie jem jas jaime santiago diego jacques giacomo
jane janie jenny jean joan janet jeanne juana janet jessie
janet jan jenny jess
jean jeanie jane jenny
jemima mima jem
jennifer jen jenny jenni
jeremiah jerry jeremy
jerome jerry
jessica jess jessie
joan jo joanie joanna
joanna jo joan johanna jana
john jack johnny jock ian jon johan johann juan jean giovanni hans ivan sean joao jan jan johannes evan shaun janos
jonathan jon jonny john nathan
joseph joe joey jos jose giuseppe josef pepe yusuf jozef
josephine jo josie josefina fina
joshua josh
judith judy jude
julia julie jules giulia juliet
julian jules julio giulio julius
kenneth ken kenny
laura laurie lolly
laurence larry laurie lawrence lorenzo lars laurent lorenz
leonard len leo lenny leonardo leonhard
leopold leo poldi
leslie les
lewis louis lou luis lew luigi ludwig lewie ludovic
lillian lily lil lilian
louisa lou louise lulu luisa luise
lucy lucie lu lucia luzia
madeleine maddie lena madeline magdalena madge
marcus mark marc marco markus marek
margaret maggie meg peggy madge daisy greta rita margery marge may peg mags megan marguerite
margarethe margaret marguerite margarita margherita malgorzata gretchen greta
maria mary marie mia
marjorie marge margery
martha mattie patty marta
martin marty martyn marten
mary molly polly may mamie maria marie moll mimi minnie maureen miriam
matilda tilly mattie maud tilda mathilde
matthew matt mat matthias mateo matteo mattheus matthieu mathieu
maurice morris mo moritz morrie mauricio maurizio
maximilian max maxim massimiliano
melissa lissa mel missy
michael mike mick mickey mikey mitch michel miguel michele mikhail mischa michal mihai
michelle shelly chelle
mildred millie milly
mohammed mohamed muhammad mohammad muhammed mohamad mo mehmet mohamet
montague monty
moses moe moishe moshe
nancy ann nan
natalie nat natasha natalia nathalie
nathaniel nat nathan nate
nicholas nick nicky nicolas klaus nico nikolaus nikolai niccolo colin nicola mikolaj
nicola nicky nicole nikki
oliver ollie noll olivier oliviero
oswald ossie oz
patricia pat patty tricia trish patsy
patrick pat paddy patricio packie patrice
paul pablo paolo pavel paulus pawel pauly
pauline polly paula paulina
penelope penny
percival percy perce
peter pete pedro pietro pierre piet pieter petr pyotr piotr petrus
philip phil pip philippe felipe filippo phillip
priscilla cilla prissy
rachel rae raquel rachael
ralph rafe raoul raul rolf
raymond ray ramon raimund
rebecca becky becca reba rebekah
reginald reg reggie rex reinhold
richard dick rick ricky rich dickie richie ricardo riccardo ryszard
robert bob rob bobby robbie bert robin rab roberto rupert rob
roderick rod roddy rodrigo rory
rodney rod
roger rodge hodge ruggero rudiger
roland rollo rolly rolando
ronald ron ronnie reinhold
rosalind roz rosie
rose rosie rosa rosina
rosemary rosie rose
rudolph rudy rolf rudolf
russell russ
samantha sam sammy
samuel sam sammy samuele
sarah sally sadie sal sara zara
sebastian seb bastian basti sebastien
sidney sid sydney syd
silvester sly sylvester
simon si simone szymon simeon
solomon sol salomon
sophia sophie sofia zofia
stanley stan
stephen steve stevie steven stefan esteban stephan etienne stefano stepan istvan
stewart stuart stew
susan sue susie suzie suzanne susanna susannah suzy sukey zuzanna susana susanne
tabitha tabby
terence terry terrance
theodora dora thea teddy
theodore ted teddy theo theodor fyodor
theresa terry tess tessa teresa therese
thomas tom tommy thom tomas tommaso tomasz
timothy tim timmy timoteo
tobias toby tobi
ursula uschi
valentine val valentin
veronica ronnie vera
victor vic viktor vittorio
victoria vicky tori vicki viktoria
vincent vince vinny vincenzo vicente vinzenz
violet vi
virginia ginny ginger
vivian viv vivien
vladimir vova volodya wladimir volodymyr
walter wally walt wat gualtiero
wilfred wilf fred will wilfrid
wilhelmina minnie mina willa wilma
william will bill billy willie wm willy liam wilhelm guillermo guillaume guglielmo willem bill
winifred winnie freda win
zachary zach zack zac zacharias
`;

const GROUPS_BY_NAME = new Map<string, number[]>();
GROUPS.trim()
  .split("\n")
  .forEach((line, group) => {
    for (const name of new Set(line.split(" "))) {
      const known = GROUPS_BY_NAME.get(name);
      if (known === undefined) GROUPS_BY_NAME.set(name, [group]);
      else known.push(group);
    }
  });

/** True when both are forms of one given name: bob and robert, hans and johann. */
export function isNickname(left: string, right: string): boolean {
  const leftGroups = GROUPS_BY_NAME.get(left);
  if (leftGroups === undefined) return false;
  return GROUPS_BY_NAME.get(right)?.some((group) => leftGroups.includes(group)) ?? false;
}

/** The first group a given name belongs to, as a blocking key; the name itself where none is known. */
export function nicknameKey(name: string): string {
  const groups = GROUPS_BY_NAME.get(name);
  return groups === undefined ? name : `~${groups[0]}`;
}
